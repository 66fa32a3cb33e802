"""Intelligence requirements: the open questions, ranked by what their answers could change in the list.

A requirement is a question to an agency that has an owner. It is never a prediction: an answer has a chance only where
the matrix states one (a report is true with the chance its grade stands for); elsewhere what could change is a range.
Questions are put in order by the mean over their answers where chances are stated and by the middle of the range where
none are. That is an order for asking and says nothing of what the answer will be.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.params import Frozen, Policy, read_named
from csp_toolkit.scoring.evidence.item_words import describe_records
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.scoring.what_if.requirements_identity import join_near_cut
from csp_toolkit.scoring.what_if.standings import Standing
from csp_toolkit.scoring.what_if.what_ifs import WhatIf, play
from csp_toolkit.tables.view import View

EXAMPLE = "csp_example_v1"
Kind = Literal["corroboration", "grade", "outcome", "date", "identity"]
QUESTION_COLUMNS = (
    "n", "kind", "ref", "person_id", "question", "owner", "answer_by", "has_chance", "names_mean", "names_low",
    "names_high", "places_mean", "places_low", "places_high", "handling", "handling_conditions",
)  # fmt: skip
ANSWER_COLUMNS = ("n", "answer", "chance", "n_left", "n_entered", "n_moved", "leaves", "enters")
_ASKS = {
    "corroboration": "Does anything independent bear out the {}?",
    "grade": "Can the {} be graded again, now that more may be known of its source?",
    "outcome": "What has become of the {}?",
    "date": "When did what the {} tells of happen?",
    "identity": "Are the records of this possible match one person's?",
}
_NO_EFFECT = {"n_left": 0, "n_entered": 0, "n_moved": 0}


class Owner(Frozen):
    """Whom one asks."""

    owner: str


class Requirements(Policy):
    """Which gaps are asked about, what the answers can be, and whom one asks."""

    shown: int
    answer_by: str
    kinds: dict[Kind, Owner]
    open_sources: dict[str, tuple[str, ...]]
    open_information: dict[str, tuple[str, ...]]
    identity_within_rank: int
    results: dict[str, tuple[str, ...]]


def read_requirements(name: str = EXAMPLE, folder: Path | None = None) -> Requirements:
    """Read the policy of questions by name, from a workspace's `params` folder or the package."""
    return read_named("requirements", name, Requirements, folder)


@dataclass(frozen=True)
class _Answer:
    words: str
    what_if: WhatIf | None
    chance: float | None = None


@dataclass(frozen=True)
class _Question:
    kind: Kind
    ref: str
    person: str
    answers: tuple[_Answer, ...]
    about: Mapping[str, Any] | None = None  # its words and handling, where it is of no one record


@dataclass(frozen=True, eq=False)
class Questions:
    """The open questions, the weightiest first.

    Attributes
    ----------
    table : one row a question that could move somebody ranked (`QUESTION_COLUMNS`). `names_*` are how many of the first
        ten would be others, `places_*` how many people's rank would differ: the mean where the answers have chances,
        and the lowest and highest over the answers.
    answers : each answer with what it would do (`ANSWER_COLUMNS`): they average to the means.
    n_idle : how many questions could move nobody, and are not listed.
    """

    table: pd.DataFrame
    answers: pd.DataFrame
    n_idle: int
    as_of: date

    def _repr_html_(self) -> str:
        names = self.table["names_mean"].map("{:.1f}".format).where(
            self.table["has_chance"],
            self.table["names_low"].astype("str") + " to " + self.table["names_high"].astype("str"),
        )  # fmt: skip
        headings = (
            Heading("n", "No.", kind="whole", is_row_header=True), Heading("question", "Question"),
            Heading("owner", "Who knows"), Heading("names", "Names of ten", "that would change"),
            Heading("places_high", "Places", "moved at most", kind="whole"),
        )  # fmt: skip
        return str(format_table(
            self.table.assign(names=names).head(10), headings, table_id="questions",
            caption=f"Questions worth asking as at {self.as_of}, by what their answers could change.",
            caption_note=f"{len(self.table)} could move somebody, {self.n_idle} nobody. A mean where the matrix states "
                         "chances, else a range.",
        ))  # fmt: skip

    def __repr__(self) -> str:
        return f"Questions(as_of={self.as_of}, asked={len(self.table)}, idle={self.n_idle})"


def weigh_questions(scores: Scores, view: View, policy: Requirements) -> Questions:
    """Say of each open question about the ranked what its answers would change in the list.

    Notes
    -----
    Asked about: reports that alone stand behind a criterion; reports from an untested source or that cannot be judged;
    charges and suspicions nothing is decided of; reports dated only by the day they were sent; open possible matches of
    somebody ranked within `identity_within_rank`. What the other matches would change is `weigh_matches`'s to say.
    """
    standing = Standing.of(scores)
    asked = [*_ask_reports(standing, scores, view, policy), *_ask_outcomes(standing, scores, policy)]
    asked = sorted({(one.kind, one.ref): one for one in asked}.values(), key=lambda one: (one.kind, one.ref))
    played = [answer.what_if for one in asked for answer in one.answers if answer.what_if is not None]
    outcomes = standing.rerank(play(standing, played))
    moves = outcomes.moves
    leaves = moves[moves["was_in"] & ~moves["is_in"]].groupby("version")["person_id"].agg("; ".join).to_dict()
    enters = moves[~moves["was_in"] & moves["is_in"]].groupby("version")["person_id"].agg("; ".join).to_dict()
    effects = outcomes.counts.to_dict("records")
    versions = iter(range(len(played)))
    weighed: list[tuple[_Question, list[dict[str, object]]]] = []
    for one in asked:
        rows = []
        for answer in one.answers:
            version = next(versions) if answer.what_if is not None else None
            effect = _NO_EFFECT if version is None else effects[version]
            rows.append({"answer": answer.words, "chance": answer.chance, **effect, "leaves": leaves.get(version),
                         "enters": enters.get(version)})  # fmt: skip
        weighed.append((one, rows))
    weighed += _weigh_matches(scores, view, policy)
    moving = [(one, rows) for one, rows in weighed if any(row["n_moved"] for row in rows)]
    return _put_in_order(moving, len(weighed) - len(moving), scores, view, policy)


def _ask_reports(standing: Standing, scores: Scores, view: View, policy: Requirements) -> Iterator[_Question]:
    reports = view["intel_reports"].drop_duplicates("report_ref").set_index("report_ref")
    undated = frozenset(reports.index[reports["event_on"].isna()])
    graded = scores.items[scores.items["evidence"].isin(list(scores.matrix.grades))]
    grades = dict(zip(graded["item_id"], graded["evidence"], strict=True))
    for person in standing.people:
        evidence = standing.evidence[person]
        for at in np.flatnonzero(evidence.is_report):
            ref, grade = str(evidence.refs[at]), grades[evidence.refs[at]]
            same = evidence.is_report & (evidence.criterion == evidence.criterion[at])
            p_true = scores.matrix.weigh_grade(grade)
            if len(set(evidence.origin[same])) == 1 and 0 < p_true < 1:
                yield _Question("corroboration", ref, person, (
                    _Answer("borne out", WhatIf(ref, grade, is_borne_out=True), p_true),
                    _Answer("not borne out", WhatIf(ref), 1 - p_true),
                ))  # fmt: skip
            others = [source + grade[1] for source in policy.open_sources.get(grade[0], ())]
            others += [grade[0] + information for information in policy.open_information.get(grade[1], ())]
            if others:
                answers = [_Answer(f"graded {other}", WhatIf(ref, other)) for other in others]
                yield _Question("grade", ref, person, (*answers, _Answer("the grade stands", None)))
            if ref in undated:
                yield _Question("date", ref, person, (_Answer("as it was sent", None),
                                                      _Answer("longer ago than counts", WhatIf(ref))))  # fmt: skip


def _ask_outcomes(standing: Standing, scores: Scores, policy: Requirements) -> Iterator[_Question]:
    titles = {key: outcome.title for key, outcome in scores.matrix.outcomes.items()}
    removed = {key for key, outcome in scores.matrix.outcomes.items() if outcome.is_removed}
    pending = scores.items[scores.items["evidence"].isin(list(policy.results)) &
                           scores.items["person_id"].isin(standing.people)]  # fmt: skip
    for row in pending.drop_duplicates(["item_id", "evidence"]).itertuples():
        answers = [_Answer(titles[key], WhatIf(row.item_id, None if key in removed else key, was=row.evidence))
                   for key in policy.results[row.evidence]]  # fmt: skip
        yield _Question("outcome", row.item_id, row.person_id, (*answers, _Answer("nothing yet", None)))


def _weigh_matches(
    scores: Scores, view: View, policy: Requirements
) -> Iterator[tuple[_Question, list[dict[str, object]]]]:
    for one in join_near_cut(scores, view, within_rank=policy.identity_within_rank):
        about = {"words": None, "handling": one.handling, "handling_conditions": one.handling_conditions}
        answers = (_Answer(one.words, None, one.p_same),
                   _Answer("two people", None, None if one.p_same is None else 1 - one.p_same))  # fmt: skip
        effects = (one.effect, {**_NO_EFFECT, "leaves": None, "enters": None})
        rows = [{"answer": answer.words, "chance": answer.chance, **effect}
                for answer, effect in zip(answers, effects, strict=True)]  # fmt: skip
        yield _Question("identity", one.match, one.person, answers, about), rows


def _put_in_order(
    moving: Sequence[tuple[_Question, list[dict[str, object]]]], n_idle: int, scores: Scores, view: View,
    policy: Requirements,
) -> Questions:  # fmt: skip
    words = describe_records([one.ref for one, _ in moving if one.about is None], view, scores).to_dict("index")
    rows = []
    for one, its in moving:
        about = words[one.ref] if one.about is None else one.about
        chances = [row["chance"] for row in its]
        row = {"kind": one.kind, "ref": one.ref, "person_id": one.person, "has_chance": None not in chances,
               "question": _ASKS[one.kind].format(about["words"]), "owner": policy.kinds[one.kind].owner,
               "answer_by": policy.answer_by, "handling": about["handling"],
               "handling_conditions": about["handling_conditions"], "its": its}  # fmt: skip
        names = [max(int(str(answer["n_left"])), int(str(answer["n_entered"]))) for answer in its]
        places = [int(str(answer["n_moved"])) for answer in its]
        for name, values in (("names", names), ("places", places)):
            middle = (min(values) + max(values)) / 2
            if None not in chances:
                middle = sum(float(str(chance)) * value for chance, value in zip(chances, values, strict=True))
            row |= {f"{name}_mean": middle, f"{name}_low": min(values), f"{name}_high": max(values)}
        rows.append(row)
    rows.sort(key=lambda row: (-row["names_mean"], -row["places_mean"], row["kind"], row["ref"]))
    rows = [{"n": number, **row} for number, row in enumerate(rows, start=1)]
    told = [{"n": row["n"], **answer} for row in rows for answer in row["its"]]
    table, answers = (pd.DataFrame(part, columns=list(names))
                      for part, names in ((rows, QUESTION_COLUMNS), (told, ANSWER_COLUMNS)))  # fmt: skip
    table = table.astype({name: "str" for name in ("handling", "handling_conditions")})
    return Questions(table, answers, n_idle, scores.as_of)
