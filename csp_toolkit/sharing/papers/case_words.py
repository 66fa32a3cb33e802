"""The sentences of the case papers: what the summary says, what is asked, and what reads each case's pictures."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

import pandas as pd

from csp_toolkit.cases.actions import Outstanding
from csp_toolkit.cases.caseload import Caseload
from csp_toolkit.cases.gaps import Gaps
from csp_toolkit.display.values import show_date
from csp_toolkit.display.wording import check_sentence, count_in_words, join_in_words
from csp_toolkit.tables.view import View

METHOD = (
    "Structured professional judgement: a prompt that asks every agency the same questions, and a record of what was "
    "answered. It ranks no child against another and predicts nothing.",
    "A case is listed because something falls due or happened since the last meeting. Cases stand in the order of why "
    "they are listed, then of their references.",
    "Clocks run in working days of England. Overdue is worked out on the day, never stored.",
    "A step without its evidence is refused when the decision is recorded, and told what is missing.",
    "Bands are those of the toolkit in use; the bar runs from all unknown answers absent to all present.",
)
LIMITS = (
    "Bands and their limits are defaults that nobody has validated.",
    "Threats to life are not held here: whoever holds one tells the chair.",
    "No feed says which agencies were asked for checks and gave a nil return.",
    "A gap in a plan says that nothing is recorded, not that nothing is done.",
    "That little is recorded of somebody says how much was asked, not how safe they are.",
)


def write_summary(caseload: Caseload, gaps: Gaps, late: Outstanding, heads: pd.DataFrame) -> list[str]:
    """Write the five sentences of the summary page."""
    table, listed = caseload.table, caseload.listed
    tiers = table["tier"].value_counts()
    by_tier = ", ".join(f"{tier} {tiers[tier]}" for tier in sorted(tiers.index, reverse=True))
    pages, minutes = int(listed["has_page"].sum()), int(listed["minutes"].sum())
    room = caseload.policy.meetings.minutes
    too_long = f"the meeting has {room}, so the chair says which wait" if minutes > room else f"the meeting has {room}"
    urgent = listed.loc[listed["listed_as"] == "URGENT", "case_ref"].tolist()
    reviews = caseload.due[(caseload.due["clock"] == "REVIEW") & caseload.due["is_late"]]
    oldest = f", the oldest since {show_date(reviews['due_on'].min())}" if len(reviews) else ""
    raised = late.table[late.table["n_carried_over"].fillna(0) >= 2]
    children = gaps.table.loc[gaps.table["gap"] == "CHILD_WITHOUT_SUPPORT", "case_ref"].nunique()
    are = "is" if len(table) == 1 else "are"
    n_raised, n_cases = len(raised), gaps.table["case_ref"].nunique()
    unsupported = f"{count_in_words(children, 'child has', 'children have')} enforcement and no support on record"
    sentences = [
        f"{_count(len(table), 'case')} {are} open ({by_tier}). {caseload.reconciliation}",
        f"{_count(len(listed), 'case')} listed, {pages} with a page, for {minutes} minutes; {too_long}.",
        f"{_count(len(urgent), 'is', 'are') if urgent else 'None is'} urgent, for what the last meeting could not know"
        + (f": {join_in_words(urgent)}." if urgent else "."),
        f"{_count(len(reviews), 'review is', 'reviews are')} overdue{oldest}; {late.n_late} actions are late, and "
        f"{n_raised} were carried over twice or more.",
        f"{_count(len(gaps.table), 'gap')} in {count_in_words(n_cases, 'plan')}; "
        + (f"{unsupported}." if children else "no child has enforcement without support on record."),
    ]
    return [check_sentence(sentence) for sentence in sentences]


def _count(n: int, one: str, many: str | None = None) -> str:
    return count_in_words(n, one, many, start=True)


def write_asked(caseload: Caseload, gaps: Gaps, late: Outstanding) -> list[str]:
    """Write what the meeting is asked to decide."""
    listed, asked = caseload.listed, []
    if int(listed["minutes"].sum()) > caseload.policy.meetings.minutes:
        asked.append("Which listed cases wait, and for what reason.")
    asked.append("For each listed case: state, tier, plan, next review, and who may be told what.")
    if len(gaps.table):
        asked.append("Who closes each gap, by when.")
    raised = late.table[late.table["n_carried_over"].fillna(0) >= 2]
    if len(raised):
        asked.append(f"What becomes of {count_in_words(len(raised), 'action')} carried over twice or more.")
    if (caseload.due["clock"] == "LOOK_BACK").any():
        n = int((caseload.due["clock"] == "LOOK_BACK").sum())
        asked.append(f"Who looks back at {count_in_words(n, 'closed case')}, 90 days on.")
    return [check_sentence(sentence) for sentence in asked]


def say_quorum(caseload: Caseload, view: View) -> str:
    """Say who must be there, and whether the meeting before was quorate, as far as its attendance is recorded."""
    rules, listed = caseload.policy.quorum, caseload.listed
    needed = rules.always | (rules.with_children if (listed["is_child"].fillna("Y") == "Y").any() else {})
    attendance = view["attendance"]
    own = attendance[
        attendance["meeting_type"].eq("CASE_MANAGEMENT") & (attendance["meeting_on"] < pd.Timestamp(view.as_of))
    ]
    if own.empty:
        return "No attendance of an earlier meeting is recorded."
    last = own[own["meeting_on"] == own["meeting_on"].max()]
    there = last.loc[last["attendance"] == "PRESENT", "agency"].dropna().tolist()
    absent = [name for name, pattern in needed.items() if not _has(there, (pattern,))]
    if not _has(there, rules.one_of):
        absent.append("a support provider")
    day = show_date(last["meeting_on"].iloc[0])
    if absent:
        return f"The meeting of {day} was not quorate: {join_in_words(absent)} absent. Check before this one begins."
    names = join_in_words([*needed, "a support provider"])
    return f"The meeting of {day} was quorate. This one needs {names}."


def _has(agencies: Sequence[str], patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(agency, pattern) for agency in agencies for pattern in patterns)


AXIS_WORDS = {"V": "vulnerability", "H": "harm"}


def say_bands(bands: pd.DataFrame) -> str:
    """Read both bands against the assessment before, in one sentence."""
    said: list[str] = []
    is_first = bands["in_100"].notna().all() and bands["in_100_1"].isna().all()
    if is_first and len(bands) == len(AXIS_WORDS):
        words = [f"{AXIS_WORDS[row['axis']]} is {row['band']}" for row in bands.to_dict("records")]
        text = join_in_words(words)
        return check_sentence(f"{text[0].upper()}{text[1:]}; there is nothing earlier to compare.")
    for row in bands.to_dict("records"):
        name = "Vulnerability" if row["axis"] == "V" else "Harm"
        now, before = row["in_100"], row["in_100_1"]
        if pd.isna(now):
            said.append(f"{name.lower() if said else name} is not yet assessable")
        elif pd.isna(before):
            said.append(f"{name.lower() if said else name} is {row['band']}, with nothing earlier to compare")
        elif row["band"] != row["band_1"]:
            way = "rose" if now > before else "fell"
            said.append(f"{name.lower() if said else name} {way} from {row['band_1']} to {row['band']}")
        else:
            same = "as before" if now == before else f"{'up' if now > before else 'down'} from {before} to {now}"
            said.append(f"{name.lower() if said else name} stays {row['band']}, {same}")
    return check_sentence("; ".join(said) + ".") if said else "Not assessed yet."


def say_year(timeline: pd.DataFrame) -> str:
    """Read twelve months of one case in one sentence: counts, and attendance from the first term to the last."""
    parts = []
    missing = timeline[timeline["lane"] == "Missing"]
    if len(missing):
        hours = pd.to_numeric(missing["words"].str.extract(r"^(\d+) h")[0], errors="coerce")
        longest = f", {int(hours.max())} hours at the longest" if hours.notna().any() else ""
        parts.append(f"missing {_times(len(missing))}{longest}")
    police = timeline[timeline["lane"] == "Police"]
    arrests = int((police["mark"] == "arrest").sum())
    if arrests:
        parts.append(f"arrested {_times(arrests)}")
    victim = int(police["words"].str.startswith("victim").sum())
    if victim:
        parts.append(f"victim of {count_in_words(victim, 'recorded crime')}")
    terms = timeline[(timeline["lane"] == "Education") & (timeline["mark"] == "period")]["words"].str.extract(r"(\d+)")[
        0
    ]
    if len(terms) > 1 and terms.iloc[0] != terms.iloc[-1]:
        parts.append(f"school attendance from {terms.iloc[0]} to {terms.iloc[-1]} in 100")
    elif len(terms):
        parts.append(f"school attendance {terms.iloc[-1]} in 100")
    text = join_in_words(parts) if parts else "nothing recorded in these lanes"
    return check_sentence(text[0].upper() + text[1:] + ".")


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(n, f"{count_in_words(n, 'time')}")
