"""The demo's risk assessments: a story for each thing a case meeting meets, from a complete form to a bare one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from csp_toolkit.records.demo.partners import cases
from csp_toolkit.records.demo.rows import Row, World, day

# The example toolkit's questions: how many each domain has, whom some are asked of, and whose they are.
N_QUESTIONS = {
    "V1": 6, "V2": 5, "V3": 7, "V4": 7, "V5": 7, "V6": 6, "V7": 4, "V8": 8, "V9": 5, "V10": 6, "H1": 7, "H2": 6,
    "H3": 6, "H4": 6,
}  # fmt: skip
OF_CHILDREN = ("V1.2", "V2.1", "V2.2", "V2.3", "V2.4", "V3.2", "V3.3", "V4.2")
OF_ADULTS = ("V8.8", "V9.1", "V9.2", "V9.3", "V9.4", "V9.5")
OWNERS = {"V2": "EDU", "V3": "CSC", "V7": "SUB", "V8": "HEA", "V9": "HOU", "H4": "PRO"}
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Story:
    """One assessment: what is not answered 0, what nobody knew, and what became of which answer.

    `asked` is the share of questions put at all. `others` are a second agency's answers; `copied` takes its words from
    the assessment before; `undocumented` has no note; `late` was last seen after the assessment.
    """

    after_days: int
    answers: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    asked: float = 1.0
    others: Mapping[str, str] = field(default_factory=dict)
    copied: tuple[str, ...] = ()
    undocumented: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    protective: Mapping[str, str] = field(default_factory=dict)


_QUIET = {"V2.1": "1", "V4.4": "1"}
_EXPLOITED = {"V1.1": "2", "V1.3": "2", "V4.1": "2", "V5.1": "2", "V5.3": "2", "V6.1": "2", "V10.2": "2", "H1.4": "1"}
_WORRY = {"V1.1": "1", "V2.2": "2", "V4.1": "1", "V6.1": "1", "V7.1": "1", "H3.1": "1"}
STORIES: dict[int, tuple[Story, ...]] = {
    # complete and quiet, with protection around
    1: (Story(10, _QUIET, protective={"P1": "2", "P2": "2", "P3": "1", "P4": UNKNOWN}),),
    # provisional: what matters most is what nobody could answer
    2: (Story(10, _WORRY, unknown=("V5.1", "V5.2", "V5.3", "V10.1", "V10.2", "V7.2", "H1.1")),),
    # insufficient: two agencies sent nothing
    3: (Story(10, {"V1.1": "2"}, asked=0.4),),
    # a steep fall, closed since
    4: (Story(10, _EXPLOITED), Story(80, _QUIET)),
    # high by a floor, and two agencies that disagree
    5: (Story(10, {"V5.1": "2"}, others={"V5.2": "2"}),),
    # an answer that rests on nothing, and one seen after the day
    6: (Story(10, _WORRY | {"V5.1": "3"}, undocumented=("V5.1",), late=("V6.1",)),),
    # the same words again under a newer date
    7: (Story(10, _WORRY | {"V4.5": "2"}), Story(70, _WORRY | {"V4.5": "2"}, copied=("V4.5",))),
    8: (Story(10, _WORRY),),
    # high on both, and what is never enough by itself
    9: (Story(10, _EXPLOITED | {"H1.1": "2", "H2.1": "2", "H3.1": "2", "V6.6": "3"}, unknown=("V8.2", "H2.6")),),
    10: (Story(10, {"V6.6": "3", "H3.4": "2"}),),
    11: (Story(10, _WORRY, unknown=("V8.1", "V8.2", "V3.1")),),
}


def assessments(world: World, run_on: date) -> list[Row]:
    """Return the toolkit's answers, assessment by assessment; the newest case waits for its first."""
    rows: list[Row] = []
    for number, case in enumerate(cases(world, run_on), start=1):
        opened = _as_date(case["Opened"])
        born = _as_date(case["DOB"])
        for no, story in enumerate(STORIES.get(number, ()), start=1):
            on = opened + timedelta(days=story.after_days)
            if on <= run_on:
                rng = Random(f"{world.seed} assessments {number} {no}")
                barred = OF_ADULTS if _is_child(born, on) else OF_CHILDREN
                rows += _answer(str(case["Case No"]), str(no), on, story, barred, rng)
    return rows


def _answer(case: str, no: str, on: date, story: Story, barred: tuple[str, ...], rng: Random) -> Iterator[Row]:
    for domain, n in N_QUESTIONS.items():
        for indicator in (f"{domain}.{k}" for k in range(1, n + 1)):
            owner = OWNERS.get(domain, "POL")
            is_asked = rng.random() < story.asked or indicator in story.answers
            if indicator in barred:
                yield _row(case, no, on, indicator, "NA")
            elif is_asked:
                answer = UNKNOWN if indicator in story.unknown else story.answers.get(indicator, "0")
                yield _row(case, no, on, indicator, answer, owner, story)
            if indicator in story.others and indicator not in barred:
                yield _row(case, no, on, indicator, story.others[indicator], "CSC" if owner != "CSC" else "POL", story)
    for factor, answer in story.protective.items():
        yield _row(case, no, on, factor, answer)


def _row(
    case: str, no: str, on: date, indicator: str, answer: str, agency: str = "", story: Story | None = None
) -> Row:
    is_given = answer in ("1", "2", "3") and story is not None
    seen = on + timedelta(days=9 if story and indicator in story.late else -12)
    note = (
        f"Invented record, {indicator}" if story and indicator in story.copied else f"Invented record {no}, {indicator}"
    )
    if no == "1":
        note = f"Invented record, {indicator}"
    return {
        "case": case, "assessment": no, "assessed_on": day(on), "indicator": indicator, "answer": answer,
        "last_seen": day(seen) if is_given else "", "source_agency": agency if answer not in (UNKNOWN, "NA") else "",
        "grade": "1B" if is_given and agency == "POL" else "",
        "note": note if is_given and story and indicator not in story.undocumented else "",
    }  # fmt: skip


def _as_date(text: object) -> date:
    dd, mm, yyyy = (int(part) for part in str(text).split("/"))
    return date(yyyy, mm, dd)


def _is_child(born: date, on: date) -> bool:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) < 18
