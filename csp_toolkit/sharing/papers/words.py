"""The sentences of the papers: what each table says, in words a chair reads once.

Every sentence is made from the tables it stands above, so it cannot say what they do not. It says the number,
says what is not known, and never says what anyone will do.
"""

from collections.abc import Sequence

import pandas as pd

from csp_toolkit.display.values import show_date
from csp_toolkit.display.wording import count_in_words, join_in_words
from csp_toolkit.scoring.certainty.places import Certainty, say_place
from csp_toolkit.scoring.certainty.seats import SEATS


def say_number(n: int) -> str:
    """Say a number up to twelve in words, none for nought, a larger one in figures."""
    return "none" if n == 0 else count_in_words(n, "·", "·").removesuffix(" ·")


def list_names(names: Sequence[str], *, most: int = 6) -> str:
    """List family names as a sentence does; beyond `most` say how many more."""
    shown = [surname(name) for name in list(names)[:most]]
    more = len(names) - len(shown)
    return join_in_words(shown + ([f"{say_number(more)} more"] if more else [])) or "nobody"


def start(sentence: str) -> str:
    """Begin a sentence with a capital letter."""
    return sentence[:1].upper() + sentence[1:]


def say_ordinal(n: int) -> str:
    """Say a place as `3rd`, `11th`."""
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def surname(name: str) -> str:
    """Return the family name of `WATSON, Alfie` as a sentence writes it."""
    return name.split(",")[0].title() if name.split(",")[0].isupper() else name.split(",")[0]


def finding_list(police: pd.DataFrame, certainty: Certainty) -> str:
    """Say how many of the police list are scored, and how firmly the matrix would place them in its ten too."""
    scored = police[police["rank"].notna() & (police["block"] == "ranked")]
    firm, arguable, beyond = (scored[scored["person_id"].isin(part["person_id"])] for part in
                              (certainty.core, certainty.zone, certainty.outside))  # fmt: skip
    sentence = f"Of the {say_number(len(police))}, {say_number(len(scored))} have a matrix rank: "
    sentence += f"{say_number(len(firm))} firm in its ten, {say_number(len(arguable))} in the contest zone"
    if len(beyond):
        sentence += f", and {list_names(beyond['name'].tolist())} outside it"
    unscored = len(police) - len(scored)
    return sentence + (f". {start(say_number(unscored))} have none; the reason is in the row." if unscored else ".")


def finding_high(high: pd.DataFrame) -> str:
    """Say who scores at the cut or above and is not listed."""
    if high.empty:
        return "Nobody ranks 11th or better on the matrix who is not on the police list."
    verb = "person ranks" if len(high) == 1 else "people rank"
    return (
        f"{start(say_number(len(high)))} {verb} 11th or better on the matrix and "
        f"{'is' if len(high) == 1 else 'are'} not on the police list. What do the police know that the matrix does not?"
    )


def finding_cut(gap: float | None, certainty: Certainty) -> str:
    """Say where the cut falls, how narrow it is and how many contest it."""
    if gap is None:
        return "Fewer than eleven people are ranked, so no cut falls between them."
    return f"{start(say_contest(certainty))}. {gap:.1f} points of 100 separate 10th from 11th."


def say_contest(certainty: Certainty) -> str:
    """Say how many places are firm and how many people contest the others."""
    n_core, n_zone = len(certainty.core), len(certainty.zone)
    firm = f"{count_in_words(n_core, 'place')} of the ten {'is' if n_core == 1 else 'are'} firm"
    if not n_zone:
        return f"{firm} and nobody contests the rest"
    left = max(round(certainty.n_filled) - n_core, 0)
    verb = "contests" if n_zone == 1 else "contest"
    return f"{firm} and {count_in_words(n_zone, 'person', 'people')} {verb} the other {say_number(left)}"


def finding_left_out(n_left_out: int, n_register: int) -> str:
    """Say how many were left out by rule, and that this is no score of nought."""
    return (
        f"{start(say_number(n_left_out))} of {n_register:,} people on the register were left out by rule before any "
        "rank was given. They have no score, not a score of nought."
    )


def finding_actions(n_open: int, n_late: int, agencies: pd.DataFrame) -> str:
    """Say how many actions are open and late, and where most of the late ones lie."""
    if not n_open:
        return "No action is recorded as open."
    sentence = f"{start(count_in_words(n_open, 'action'))} {'is' if n_open == 1 else 'are'} open, "
    sentence += f"{say_number(n_late)} of them late" if n_late else "none of them late"
    if n_late:
        worst = agencies.sort_values(["n_late", "agency"], ascending=[False, True]).iloc[0]
        sentence += f"; {worst['agency']} has {say_number(int(worst['n_late']))} of these"
    return sentence + "."


def finding_coverage(coverage: pd.DataFrame) -> str:
    """Say how many feeds are fit to use, which are not, and what stands in for them."""
    mapped = coverage[coverage["state"] != "no mapping yet"]
    used = mapped[mapped["state"] == "arrived"]
    n_used, n_all = start(say_number(len(used))), say_number(len(mapped))
    sentence = f"{n_used} of {n_all} feeds this meeting uses arrived and were used"
    exceptions = [_say_exception(row) for row in mapped.itertuples() if row.state != "arrived"]
    return f"{sentence}{'; ' if exceptions else ''}{'; '.join(exceptions)}."


def _say_exception(row: object) -> str:
    title, state, used_on = row.title, row.state, row.used_received_on  # type: ignore[attr-defined]
    title = title[:1].lower() + title[1:] if not title[1:2].isupper() else title
    stands_in = f", and that of {show_date(used_on)} stands in" if pd.notna(used_on) else ", and nothing stands in"
    return {
        "held": f"{title} is held because its agreement had expired{stands_in}",
        "stale": f"{title} did not come this time{stands_in}",
        "missing": f"{title} has never come",
    }[state]


def finding_quality(n_asked: int, n_feeds: int) -> str:
    """Say of how many feeds something about the data has to be asked."""
    if not n_asked:
        return f"Nothing has to be asked about the data of {say_number(n_feeds)} feeds this meeting uses."
    n_of = f"{say_number(n_asked)} of {say_number(n_feeds)}"
    return f"Something about the data has to be asked of {n_of} feeds this meeting uses."


def write_so_what(
    police: pd.DataFrame, high: pd.DataFrame, gap: float | None, coverage: pd.DataFrame, certainty: Certainty
) -> list[str]:
    """Write the five lines a chair with ten minutes reads first."""
    lines = []
    scored = police[police["rank"].notna() & (police["block"] == "ranked")]
    within = scored[scored["rank"] <= SEATS]
    lines.append(
        f"{start(say_number(len(within)))} of the {say_number(len(police))} on the police list are also within the "
        f"matrix's first ten: {list_names(within['name'].tolist(), most=10)}. When the doubtful inputs are varied, "
        f"{say_contest(certainty)}."
    )
    beyond = scored[scored["rank"] > SEATS].sort_values("rank", ascending=False)
    if len(beyond):
        far = beyond.iloc[0]
        chance = say_place(float(far["p_top10"]), is_in=False, of="the matrix's list")
        lines.append(
            f"{surname(far['name'])} is {say_ordinal(int(far['place']))} on the police list and "
            f"{say_ordinal(int(far['rank']))} on the matrix: {chance}. Either the police know something the matrix "
            "does not see, or the place needs a reason."
        )
    unranked = _say_unranked(police)
    if unranked:
        lines.append(unranked)
    if len(high):
        lines.append(
            f"{list_names(high['name'].tolist(), most=3)} rank 11th or better and are not listed"
            + (f"; {gap:.1f} points separate 10th from 11th." if gap is not None else ".")
        )
    lines.append(finding_coverage(coverage))
    return lines


def _say_unranked(police: pd.DataFrame) -> str:
    """Say which people of the list stand there without a rank, children first, in one line."""
    children = police[police["is_child"] == "Y"]
    others = police[(police["rank"].isna() | (police["block"] != "ranked")) & (police["is_child"] != "Y")]
    parts = []
    if len(children):
        are = "is a child" if len(children) == 1 else "are children"
        parts.append(f"{list_names(children['name'].tolist())} {are}: safeguarding leads, and no score is shown.")
    said = [f"{surname(row.name)} ({_say_why(row)})" for row in others.itertuples()]
    if said:
        parts.append(f"Listed without a rank: {join_in_words(said)}.")
    return " ".join(parts)


def _say_why(row: object) -> str:
    reason, block = row.no_score_reason, row.block  # type: ignore[attr-defined]
    if isinstance(reason, str):
        return reason.removeprefix("No score: ").rstrip(".")
    return {"custody": "in custody", "returning": "returning from custody"}.get(block, "not on the review register")


def write_asked(
    police: pd.DataFrame, left_out: pd.DataFrame, people: pd.DataFrame, coverage: pd.DataFrame,
    *, led: frozenset[str] = frozenset(), is_final: bool = False,
) -> list[str]:  # fmt: skip
    """Write what the meeting is asked to decide, or in a final copy what it has left open.

    `led` are the people of whom it is decided whether harm caused or harm suffered leads.
    """
    asked = ["Select, or leave, each of the people on the police list, with a reason for every seat."]
    asked = [] if is_final else asked
    removed = police[police["no_score_reason"].fillna("").str.contains("removed", case=False)]
    for name in removed["name"]:
        asked.append(f"{surname(name)}: include again with a written reason and a new item, or leave off.")
    dual = people[people["is_dual"].fillna(False).astype(bool)] if "is_dual" in people else people.iloc[:0]
    dual = dual[~dual["person_id"].isin(led)]
    if len(dual):
        asked.append(f"{list_names(dual['name'].tolist())}: is harm caused or harm suffered the leading lens?")
    waiting = left_out[(left_out["gate"] == "g7") & ~left_out["reason"].str.startswith("the chair decided")]
    if len(waiting):
        asked.append(
            f"Exploitation: decide for {count_in_words(len(waiting), 'person', 'people')} whether a score may be shown."
        )
    held = coverage.loc[coverage["state"] == "held", "agency"].dropna().unique().tolist()
    if held:
        asked.append(f"Ask {join_in_words(held)} to renew the sharing agreement.")
    return asked
