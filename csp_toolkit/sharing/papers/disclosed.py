"""Who gets a copy of a meeting's papers, under what, and who had one before: from the profiles and the log.

What a data-protection officer asks first of a briefing. It names recipients, never anybody the papers are about.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pandas as pd

from csp_toolkit.display.values import show_date
from csp_toolkit.display.wording import check_sentence, count_in_words
from csp_toolkit.sharing.disclosure import Disclosed, list_disclosed
from csp_toolkit.sharing.last_meeting import INTELLIGENCE
from csp_toolkit.sharing.meeting import OpenMeeting
from csp_toolkit.sharing.papers.ground import Papers, number_sentences
from csp_toolkit.sharing.recipients import Recipient, find_agreement, read_recipients
from csp_toolkit.sharing.redaction import find_asked
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.governance import EQUALITY, Agreements, check_governance

REVIEW = "matrix_review"
NOW_COLUMNS = (
    "n", "profile", "title", "agency", "agreement_ref", "agreement_ends_on", "regime", "purpose", "about",
    "n_kinds_withheld", "kinds_withheld", "destroy_by",
)  # fmt: skip
BEFORE_COLUMNS = ("meeting_on", "title", "agency", "agreement_ref", "copy", "n_named_in_it", "destroy_by", "is_past")

AnyPapers = TypeVar("AnyPapers", bound=Papers)


def add_disclosures(papers: AnyPapers, meeting: OpenMeeting, *, casebook: Casebook | Path | str) -> AnyPapers:
    """Add to a meeting's papers who gets a copy, who had one of earlier meetings, and where equality is looked at.

    Parameters
    ----------
    papers : not changed. casebook : whose log tells of earlier copies; open, a file, or an address.

    Returns
    -------
    The papers with `copies_now` (`NOW_COLUMNS`, in the order of the copies' numbers), `copies_before`
    (`BEFORE_COLUMNS`, newest first) and `copies_notes` (n, sentence).

    Notes
    -----
    Copies of the same meeting made by an earlier run are not listed, so that a run says the same when it is repeated;
    the numbers on the copies show that there were some.
    """
    book = casebook
    if not isinstance(book, Casebook):
        book = Casebook.open(book if "://" in str(book) else Path(book))
    told = list_disclosed(book.log)
    now = _list_now(papers, meeting)
    before = _list_before(told, meeting)
    said = [_say_before(before, told.n_erased), _say_equality(told, meeting)]
    notes = number_sentences([check_sentence(sentence) for sentence in said])
    return replace(
        papers, tables={**papers.tables, "copies_now": now, "copies_before": before, "copies_notes": notes}
    )  # fmt: skip


def _list_now(papers: Papers, meeting: OpenMeeting) -> pd.DataFrame:
    view, rows = meeting.view, []
    for n, to in enumerate(meeting.recipients, start=1):
        agreement = find_agreement(view["agreements"], to, as_of=view.as_of, is_synthetic=view.is_synthetic)
        rows.append((
            n, to.name, to.title, to.agency, agreement.ref, agreement.expires_on, agreement.regime, to.purpose,
            _say_about(papers, to), len(to.withheld), "; ".join(one.what for one in to.withheld) or None,
            view.as_of + timedelta(days=to.destroy_after_days),
        ))  # fmt: skip
    table = pd.DataFrame(rows, columns=list(NOW_COLUMNS))
    return table.astype(
        {"agreement_ends_on": "datetime64[us]", "destroy_by": "datetime64[us]", "kinds_withheld": "str"}
    )


def _say_about(papers: Papers, to: Recipient) -> str:
    """Say whom a copy may name: everybody its tables hold, or those an open action of its own is about, or nobody."""
    if to.people == "all":
        return "everybody its tables hold"
    if not any({"person_id", "name"} & set(rule.columns) for rule in to.tables.values()):
        return "nobody"
    n = len(find_asked(papers.tables, to))
    return f"{count_in_words(n, 'person', 'people')} it is asked about" if n else "nobody: it is asked about nobody"


def _list_before(told: Disclosed, meeting: OpenMeeting) -> pd.DataFrame:
    """List the copies of earlier meetings of this kind, newest first, under the titles the profiles have now."""
    day = pd.Timestamp(meeting.view.as_of)
    own = told.table[told.table["meeting"].eq(meeting.name) & (told.table["as_of"] < day)]
    titles = {name: to.title for name, to in read_recipients(meeting.folder).items()}
    own = own.assign(
        meeting_on=own["as_of"], title=[titles.get(name, name) for name in own["recipient"]],
        n_named_in_it=own["n_named"], is_past=(own["destroy_by"] < day).map({True: "Y", False: "N"}).astype("str"),
    )  # fmt: skip
    order = own.sort_values(["meeting_on", "copy"], ascending=[False, True], kind="stable")
    return order[list(BEFORE_COLUMNS)].reset_index(drop=True)


def _say_before(before: pd.DataFrame, n_erased: int) -> str:
    erased = f" Of {count_in_words(n_erased, 'more copy', 'more copies')} the details were erased." if n_erased else ""
    if before.empty:
        return f"No copy of an earlier meeting of this kind is in the log.{erased}"
    n_past = int(before["is_past"].eq("Y").sum())
    past = f"the day to destroy it has passed for {count_in_words(n_past, 'of them', 'of them')}" if n_past else (
        "none has come to the day by which it must be destroyed")  # fmt: skip
    n = count_in_words(len(before), "copy", "copies", start=True)
    verb = "is" if len(before) == 1 else "are"
    return f"{n} of earlier meetings of this kind {verb} in the log; {past}.{erased}"


def _say_equality(told: Disclosed, meeting: OpenMeeting) -> str:
    """Say where differences between groups are looked at, when that was last, and how long the assessment holds."""
    view = meeting.view
    agreements = Agreements(view["agreements"], view.is_synthetic)
    documents = check_governance(meeting.governance, agreements, as_of=view.as_of)
    assessed = next(one for one in documents if one.what == EQUALITY)
    holds = f"The equality assessment is {assessed.ref}, in date to {show_date(assessed.expires_on)}."
    if meeting.policy.held_as != INTELLIGENCE:
        return f"Equality: whom this falls on is not counted here, where numbers are too small to show. {holds}"
    reviews = told.table[told.table["meeting"].eq(REVIEW) & (told.table["as_of"] <= pd.Timestamp(view.as_of))]
    last = f"the last was as at {show_date(reviews['as_of'].max())}" if len(reviews) else "none is on record yet"
    return (
        "Equality: whom the list and the matrix fall on, by sex, age and area, is counted in the matrix review and not "
        f"here, where numbers are too small to show; {last}. {holds}"
    )
