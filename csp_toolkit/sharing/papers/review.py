"""The papers of a matrix review: counts and sentences about the matrix, with no row about a person in them.

Whatever counts people is hidden where fewer than the policy's smallest are counted, or where two figures shown would
give such a count away.
"""

import pandas as pd

from csp_toolkit.display.wording import check_sentence, count_in_words
from csp_toolkit.scoring.change.criterion_cards import CriterionCards
from csp_toolkit.scoring.change.past import MatrixChange
from csp_toolkit.scoring.review.disparity import SHOWN, SUPPRESSED, TITLES, Disparity
from csp_toolkit.scoring.review.groups import ANY, BASELINE, FIRST, NEXT, RANKS, REPORTED
from csp_toolkit.scoring.review.rater_agreement import RaterAgreement
from csp_toolkit.scoring.review.redundancy import CriteriaTest
from csp_toolkit.scoring.review.validity import BackTest
from csp_toolkit.sharing.meeting import OpenMeeting
from csp_toolkit.sharing.papers.ground import Papers, lay_ground, number_sentences
from csp_toolkit.tables.quality.report import Quality

STATE = "For oversight: counts about the matrix, nobody named and nobody placed"
_OUTCOMES = {ANY: "any", REPORTED: "reported by somebody"}


def prepare_review(
    meeting: OpenMeeting, quality: Quality, *, change: MatrixChange, back_test: BackTest, shares: Disparity,
    raters: RaterAgreement, criteria: CriteriaTest, cards: CriterionCards,
) -> Papers:  # fmt: skip
    """Prepare the papers of a review of the matrix: what was proposed, whether the matrix holds, whom it lists.

    Parameters
    ----------
    change, back_test, shares, raters, criteria, cards : what each part of the review came to.
    """
    least = meeting.validity_policy.smallest_shown
    ground = lay_ground(
        meeting.occasion, meeting.view, quality, method=_write_method(least), limits=_write_limits(least)
    )
    tested, months = hide_counts(back_test, least), hide_moves(change, least)
    findings = {
        "finding_change": _say_change(change, months), "finding_back_test": _say_back_test(back_test, tested),
        "finding_shares": shares.sentences[0], "finding_raters": _say_raters(raters),
        "finding_criteria": criteria.sentences[-1],
        "finding_cards": f"{count_in_words(len(cards.table), 'criterion', 'criteria', start=True)}, in the words and "
                         "with the numbers the scorer uses.",
    }  # fmt: skip
    said = [*(findings[name] for name in ("finding_change", "finding_back_test")), _say_baseline(back_test, tested),
            findings["finding_shares"], findings["finding_raters"]]  # fmt: skip
    matrix = meeting.matrix
    tables = {
        **ground.tables, "sowhat": number_sentences(said), "asked": number_sentences(_ask(change, shares, raters)),
        "change_words": number_sentences(_list_words(change)), "change_months": months, "back_test": tested,
        "shares": _list_shares(shares), "raters": raters.table.drop(columns=["n_people", "n_left_out"]),
        "criteria": hide_criteria(criteria, meeting, least), "cards": _list_cards(cards),
        "manifest": pd.concat([ground["manifest"], pd.DataFrame(
            [("Matrix", f"{matrix.name}, version {matrix.version}")], columns=["label", "value"], dtype="str")],
            ignore_index=True),
    }  # fmt: skip
    facts = {
        **ground.facts, **findings, "state": STATE, "kind": "matrix review",
        "matrix_name": f"{matrix.title}, version {matrix.version}", "matrix_note": matrix.note, "smallest_shown": least,
    }  # fmt: skip
    return Papers(meeting.name, tables, facts)


def hide_moves(change: MatrixChange, least: int) -> pd.DataFrame:
    """Return, meeting by meeting, how many would have entered and left: none, too few to say, or a number."""
    few = f"fewer than {least}"
    table = change.meetings[["meeting_on", "basis"]].assign(
        **{name: ["none" if n == 0 else few if n < least else str(n) for n in change.meetings[f"n_{name}"]]
           for name in ("entered", "left")}
    )  # fmt: skip
    return table.astype({"meeting_on": "datetime64[us]", "basis": "str", "entered": "str", "left": "str"})


def hide_counts(test: BackTest, least: int) -> pd.DataFrame:
    """Return the pooled back-test with small counts hidden, and those by which one could be worked out.

    A place counts once a meeting, so a count of places is never fewer than the people it counts.
    """
    table = test.pooled.rename(columns={"n_people": "n_places"}).drop(columns=["n_meetings"])
    n_none = table["n_places"] - table["n_new"]
    hidden = table["n_places"].lt(least) | table["n_new"].lt(least) | n_none.lt(least)
    rows = {(row.horizon_days, row.outcome, row.group): row for row in table.itertuples()}
    for at, row in zip(table.index, table.itertuples(), strict=True):
        rest = _rest(rows, row)
        hidden[at] |= any(n is not None and 0 <= n < least for n in rest)
    figures = ("n_new", "share", "low", "high")
    shown = table.assign(**{name: table[name].astype("Float64").mask(hidden) for name in figures})
    state = pd.Series(SHOWN, index=table.index, dtype="str").mask(hidden, SUPPRESSED)
    shown = shown.assign(group=table["group"].map(test.title), outcome=table["outcome"].map(_OUTCOMES), state=state)
    return shown.astype({"n_new": "Int64", "n_places": "Int64", "horizon_days": "Int64"})[
        ["horizon_days", "outcome", "group", "n_places", "n_new", "share", "low", "high", "state"]]  # fmt: skip


def _rest(rows: dict[tuple[int, str, str], object], row: object) -> list[int | None]:
    """Return what is left of a row's counts when what lies within it is taken off."""
    days, outcome, group = row.horizon_days, row.outcome, row.group  # type: ignore[attr-defined]
    found: list[int | None] = []
    if outcome == REPORTED and (days, ANY, group) in rows:  # what police work alone brought to light
        found.append(rows[(days, ANY, group)].n_new - row.n_new or None)  # type: ignore[attr-defined]
    if group == RANKS:  # everybody ranked less the first and the next
        inner = [rows[key] for name in (FIRST, NEXT) if (key := (days, outcome, name)) in rows]
        for name in ("n_new", "n_places"):
            found.append(getattr(row, name) - sum(getattr(one, name) for one in inner) or None)
    return found


def hide_criteria(test: CriteriaTest, meeting: OpenMeeting, least: int) -> pd.DataFrame:
    """Return what each criterion adds, without figures where few people have points of it."""
    table, few = test.table, test.table["n_people"].lt(least)
    titles = {c.id: c.title for c in meeting.matrix.criteria}
    moved = [_say_moved(int(n), least) for n in table["n_left"]]
    kept = table.assign(title=table["criterion"].map(titles), change=pd.Series(moved, index=table.index, dtype="str"))
    kept = kept.assign(**{name: kept[name].astype("Float64").mask(few) for name in
                          ("share_of_points", "correlation", "importance")},
                       nearest=kept["nearest"].mask(few).astype("str"))  # fmt: skip
    return kept[["criterion", "title", "share_of_points", "nearest", "correlation", "change", "rank_agreement",
                 "importance"]]  # fmt: skip


def _say_moved(n: int, least: int) -> str:
    return "the same" if n == 0 else f"fewer than {least} others" if n < least else f"{n} others"


def _list_shares(shares: Disparity) -> pd.DataFrame:
    table = shares.table.drop(columns=["n_others", "of_others"])
    return table.assign(list=table["list"].map(TITLES), against=table["against"].map(TITLES),
                        attribute=table["attribute"].str.replace("_", " ").str.capitalize(),
                        odds_high=table["odds_high"].replace(float("inf"), pd.NA).astype("Float64"))  # fmt: skip


def _list_cards(cards: CriterionCards) -> pd.DataFrame:
    rows = [(card.heading, card.beneath, *(text for _, text in card.lines)) for card in cards.cards]
    return pd.DataFrame(rows, columns=["heading", "beneath", "counts", "does_not_count", "example"], dtype="str")


def _list_words(change: MatrixChange) -> list[str]:
    if change.new is change.old:
        return []
    return [*change.sentences[:1], f"Reason given: {change.new.why}", *change.changes["words"]]


def _say_change(change: MatrixChange, months: pd.DataFrame) -> str:
    if change.new is change.old:
        return "No change of the matrix is proposed."
    moved = int((months["entered"].ne("none") | months["left"].ne("none")).sum())
    differs = count_in_words(len(change.changes), "rule differs", "rules differ")
    differs = f"Version {change.new.version} is proposed, in which {differs}"
    if not moved:
        return f"{differs}; at none of {len(months)} meetings would anybody have entered or left the list."
    return f"{differs}; at {moved} of {len(months)} meetings the list would have been another."


def _say_back_test(test: BackTest, tested: pd.DataFrame) -> str:
    return _say_difference(test, tested, NEXT) or "It is not yet known whether the first have more recorded later."


def _say_baseline(test: BackTest, tested: pd.DataFrame) -> str:
    return (
        _say_difference(test, tested, BASELINE)
        or "It is not yet known whether the matrix does better than counting events."
    )


def _say_difference(test: BackTest, tested: pd.DataFrame, other: str) -> str | None:
    """Say the difference to another group, unless either of the two is hidden."""
    days = test.policy.horizons_days[0]
    own = tested[tested["horizon_days"].eq(days) & tested["outcome"].eq(_OUTCOMES[ANY])].set_index("group")["state"]
    if not all(own.get(test.title(name)) == SHOWN for name in (FIRST, other)):
        return None
    return next((one for one in test.sentences if test.title(other) in one and f"Within {days} days" in one), None)


def _say_raters(raters: RaterAgreement) -> str:
    if not raters.raters:
        return "Whether two people come to the same is not assessed: no second rating is on record."
    total = raters.table[raters.table["of"].eq("total") & raters.table["figure"].eq("ICC(2,1)")].iloc[0]
    n = len([one for one in raters.cautions if one.startswith("Caution")])
    cautions = count_in_words(n, "figure is below what is asked", "figures are below what is asked")
    return check_sentence(
        f"Raters agree on the total at {total['value']:.2f} ({total['low']:.2f} to {total['high']:.2f}); {cautions}."
    )


def _ask(change: MatrixChange, shares: Disparity, raters: RaterAgreement) -> list[str]:
    asked = []
    if change.new is not change.old:
        asked.append(f"Approve, amend or refuse version {change.new.version}, proposed by {change.new.owner}.")
    if len(shares.sentences) > 3:
        asked.append("Say who looks into the differences in section “Whom does it list?”, and by when.")
    if not raters.raters:
        asked.append("Name two analysts to rate the next sample, blind to each other.")
    return [*asked, "Say whether the matrix stays in use until the next review."]


def _write_method(least: int) -> list[str]:
    return [
        "Past lists are scored by the matrix in use and held against violence and drugs events dated later, proved or "
        "alleged. Intelligence is no outcome.",
        "Ranges are 95 in 100: exact for shares of groups; over several meetings people are drawn again, for one "
        "person's months are not separate trials.",
        "Shares of groups are counted on rows without names or references. Odds ratios are Fisher's, ranges exact.",
        "Raters' agreement is by intraclass correlation (Shrout and Fleiss 1979) and weighted kappa.",
        "A model is fitted to criteria to test them and thrown away. Nobody is scored by it.",
        f"No count of fewer than {least} people is shown, nor one from which such a count could be worked out.",
    ]  # fmt: skip


def _write_limits(least: int) -> list[str]:
    return [
        "Ten people cannot show much. Ranges are wide because the numbers are small.",
        "Meetings before the first delivery are shown with hindsight: from records nobody had that day.",
        "Being on a list draws attention, and attention finds crime. What somebody reported is shown beside it.",
        "A difference between groups is a question. Records show whom police looked at.",
        "Nothing here says what any person has done or will do, and nothing here may be used to change a score.",
        f"Where groups have fewer than {least} people they are put together, so a group may be hidden in another.",
    ]  # fmt: skip
