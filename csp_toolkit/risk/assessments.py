"""What a set of assessments comes to: bands with their range, why, whom to ask what, and what could change it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from html import escape

import numpy as np
import pandas as pd

from csp_toolkit.errors import TableError
from csp_toolkit.risk.answers import Answers
from csp_toolkit.risk.caps import UNKNOWN
from csp_toolkit.risk.changing import list_changing
from csp_toolkit.risk.levels import Reckoned
from csp_toolkit.risk.toolkit import INSUFFICIENT, Toolkit
from csp_toolkit.risk.toolkit_parts import Floor
from csp_toolkit.tables.working_days import Calendar, add_working_days

COMPLETE, PROVISIONAL = "COMPLETE", "PROVISIONAL"
AS_MADE, WHAT_IF = "as made", "what if"
LEVEL_COLUMNS = ("assessment_ref", "axis", "domain", "name", "weight", "state", "level", "level_low", "level_high",
                 "points", "points_of")  # fmt: skip
REASON_COLUMNS = ("assessment_ref", "axis", "kind", "what", "points", "points_of", "words")
REQUEST_COLUMNS = ("assessment_ref", "case_ref", "person_id", "indicator", "question", "owner", "agency", "state",
                   "reason", "due_on", "is_late")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Assessments:
    """Assessments under one toolkit. Structured professional judgement: it ranks nobody and predicts nothing.

    Attributes
    ----------
    table : one row an assessment, by assessment_ref: case_ref, assessment_no, person_id, assessed_on, toolkit, basis
        (as made, or what if), is_newest (of its case), status, n_known, n_applicable, n_unknown, n_critical_unknown,
        tier, route (missing where too little is known), review_by, floors (those that hold a band up, in words),
        held_back (the checks by which it is not called complete), and for each axis, named by its id in small letters
        (v_, h_): score, low, high, band, band_low, band_high, band_so_far (what the known answers and floors give,
        where the band is INSUFFICIENT).
    answers : what it was made from.
    readings : the arrays behind it, for the point, the low and the high end.
    toolkit, as_of, calendar : the settings.
    """

    table: pd.DataFrame
    answers: Answers
    readings: Mapping[str, Reckoned]
    toolkit: Toolkit
    as_of: date
    calendar: Calendar

    @cached_property
    def levels(self) -> pd.DataFrame:
        """One row an assessment and domain (`LEVEL_COLUMNS`); points are weight times level, out of three times weight.

        The axis score is the toolkit's scale times the sum of points over the sum of what they are out of.
        """
        point = self.readings["point"].levels
        n, domains = len(point), self.toolkit.domains
        axis_of = [axis.id for axis in self.toolkit.axes for _ in axis.domains]
        flat, weight = point.ravel(), np.tile([d.weight for d in domains], n)
        frame = {
            "assessment_ref": np.repeat(self.table["assessment_ref"].to_numpy(), len(domains)),
            "axis": np.tile(np.array(axis_of, dtype=object), n),
            "domain": np.tile(np.array([d.id for d in domains], dtype=object), n),
            "name": np.tile(np.array([d.name for d in domains], dtype=object), n),
            "weight": weight,
            "state": np.select([flat >= 0, flat == UNKNOWN], ["level", "unknown"], "not applicable"),
            "level": _missing_below_nought(flat),
            "level_low": _missing_below_nought(self.readings["low"].levels.ravel()),
            "level_high": _missing_below_nought(self.readings["high"].levels.ravel()),
            "points": _missing_below_nought(np.where(flat >= 0, flat * weight, -1)),
            "points_of": _missing_below_nought(np.where(flat >= 0, 3 * weight, -1)),
        }
        return pd.DataFrame(frame)[list(LEVEL_COLUMNS)]

    @cached_property
    def reasons(self) -> pd.DataFrame:
        """Why each band is what it is (`REASON_COLUMNS`): the domains, which add up to the score, then the floors."""
        levels = self.levels[self.levels["state"].eq("level")]
        domains = levels.assign(kind="domain", what=levels["domain"], words=levels["name"] + " at level "
                                + levels["level"].astype("str"))  # fmt: skip
        floors = []
        for axis in self.toolkit.axes:
            for floor in axis.floors:
                holds = self.readings["point"].floors[floor.id]
                lifts = holds & (self.readings["point"].arithmetic[axis.id] < self.toolkit.band_names.index(floor.band))
                words = np.where(lifts, f"held up to {floor.band}: ", "holds, and the score is there already: ")
                refs = self.table["assessment_ref"].to_numpy()[holds]
                said = words[holds] + floor.words + self._say_by(floor)[holds]
                floors.append(pd.DataFrame({"assessment_ref": refs, "axis": axis.id, "kind": "floor",
                                            "what": floor.id, "words": said}))  # fmt: skip
        both = pd.concat([domains, *floors], ignore_index=True).reindex(columns=list(REASON_COLUMNS))
        return both.sort_values(["assessment_ref", "axis", "kind"], kind="stable", ignore_index=True)

    @cached_property
    def requests(self) -> pd.DataFrame:
        """What to ask whom (`REQUEST_COLUMNS`): one for each critical unknown of a case's newest assessment."""
        asked = self.answers.list_unanswered()
        newest = self.table[self.table["is_newest"]]
        asked = asked[asked["is_critical"]].merge(
            newest[["assessment_ref", "case_ref", "person_id", "assessed_on"]], on="assessment_ref"
        )
        due = add_working_days(asked["assessed_on"], self.toolkit.request_working_days, self.calendar)
        asked = asked.assign(
            due_on=due, is_late=due.lt(pd.Timestamp(self.as_of)), agency=asked["owner"].map(self.toolkit.owners)
        )
        return asked[list(REQUEST_COLUMNS)]

    @cached_property
    def changing(self) -> pd.DataFrame:
        """Which unanswered questions could change a band (`CHANGING_COLUMNS`), of each case's newest assessment."""
        return list_changing(self.answers, self.toolkit, self.table.index[self.table["is_newest"]].to_numpy())

    @cached_property
    def protective(self) -> pd.DataFrame:
        """Protective factors and the worker's own judgement: assessment_ref, id, answer. Never part of a score."""
        return self.answers.beside

    def find_changing(self, assessment_ref: str) -> pd.DataFrame:
        """List the unanswered questions that could change a band of one assessment, newest or not."""
        return list_changing(self.answers, self.toolkit, np.array([self._place(assessment_ref)]))

    def say_band(self, assessment_ref: str, axis: str) -> str:
        """Say one band with its score and range, as ``MEDIUM 22 (12-65, could be HIGH)``."""
        return say_band(self.table.loc[self._place(assessment_ref)].to_dict(), axis, self.toolkit)

    def explain(self, assessment_ref: str) -> str:
        """Say what an assessment comes to, how sure that is, and what holds it up."""
        row = self.table.loc[self._place(assessment_ref)].to_dict()
        axes = "; ".join(f"{axis.name} {self.say_band(assessment_ref, axis.id)}" for axis in self.toolkit.axes)
        words = self.toolkit.tiers.words[str(row["tier"])]
        is_case = self.toolkit.tiers.review_days[str(row["tier"])] > 0
        route = row["route"] if isinstance(row["route"], str) and is_case else ""
        parts = [
            f"{assessment_ref}, {row['assessed_on'].day} {row['assessed_on']:%B %Y}: {axes}",
            say_status(row),
            f"Tier {row['tier']}: {words}" + (f"; {self.toolkit.routes.words[route]}" if route else ""),
            f"Held up by {self._say_held(assessment_ref)}" if row["floors"] else "",
            "A what-if under another version, not the assessment" if row["basis"] == WHAT_IF else "",
        ]
        return ". ".join(part for part in parts if part) + "."

    def _say_held(self, assessment_ref: str) -> str:
        """Name the floors that hold a band up, and by which answers."""
        at, held = self._place(assessment_ref), str(self.table.at[self._place(assessment_ref), "floors"]).split("; ")
        return "; ".join(f"{name}{self._say_by(self.toolkit.floor(name.split()[0]))[at]}" for name in held)

    def _say_by(self, floor: Floor) -> np.ndarray:
        """Return, for each assessment, the questions whose answers meet a floor: `` (V5.1, V5.3)``, or nothing."""
        said = np.full(len(self.table), "", dtype=object)
        for ground in floor.grounds:
            places = [self.toolkit.place[a] for a in ground.answers]
            for n, which in zip(*np.nonzero(self.answers.grid[:, places] >= ground.at_least), strict=True):
                said[n] += f", {ground.answers[which]}"
        return np.array([f" ({words[2:]})" if words else "" for words in said], dtype=object)

    def _place(self, assessment_ref: str) -> int:
        found = self.table.index[self.table["assessment_ref"].eq(assessment_ref)]
        if found.empty:
            raise TableError("No assessment of that reference is here.")
        return int(found[0])

    def _repr_html_(self) -> str:
        newest = self.table[self.table["is_newest"]].sort_values("assessment_ref")
        body = "".join(
            f"<tr><td>{escape(row['assessment_ref'])}</td>"
            + "".join(f"<td>{escape(say_band(row, axis.id, self.toolkit))}</td>" for axis in self.toolkit.axes)
            + f"<td>{escape(str(row['status']))}</td><td>{row['tier']}</td><td>{escape(row['floors'])}</td></tr>"
            for row in newest.to_dict("records")
        )
        heads = "".join(f"<th>{escape(axis.name)}</th>" for axis in self.toolkit.axes)
        caption = (
            f"Newest assessment of {len(newest)} cases, in the order of their references, as at {self.as_of}, under "
            f"{self.toolkit.title}. {self.toolkit.statement}"
        )
        return (
            f"<table><caption>{escape(caption)}</caption><thead><tr><th>assessment</th>{heads}<th>status</th>"
            f"<th>tier</th><th>held up by</th></tr></thead><tbody>{body}</tbody></table>"
        )

    def __repr__(self) -> str:
        return f"Assessments(as_of={self.as_of}, assessments={len(self.table)}, toolkit={self.toolkit.key})"


def say_band(row: Mapping[str, object], axis: str, toolkit: Toolkit) -> str:
    """Say one band of a row of `Assessments.table` with its score and range."""
    a = axis.lower()
    band, score, low, high = (row[f"{a}_{name}"] for name in ("band", "score", "low", "high"))
    so_far, band_low, band_high = (str(row[f"{a}_band_{name}"]) for name in ("so_far", "low", "high"))
    number = "" if pd.isna(score) else f" {score}"
    if low == high and band_low == band_high == so_far:
        return ("not yet assessable" if band == INSUFFICIENT else so_far) + number
    if band == INSUFFICIENT:
        least = "" if band_low == toolkit.band_names[0] else f"at least {band_low}, "
        return f"not yet assessable{number} ({low}-{high}, {least}could be {band_high})"
    other = [b for b in (band_low, band_high) if b != so_far]
    could = f", could be {' or '.join(dict.fromkeys(other))}" if other else ""
    return f"{so_far}{number} ({low}-{high}{could})"


def say_status(row: Mapping[str, object]) -> str:
    """Say how much is known, in words."""
    n, critical = row["n_unknown"], row["n_critical_unknown"]
    known = f"{row['n_known']} of {row['n_applicable']} questions answered"
    return f"{str(row['status']).capitalize()}: {known}" + (f", {critical} critical open" if critical else "") * bool(n)


def _missing_below_nought(numbers: np.ndarray) -> pd.Series:
    return pd.Series(pd.array(np.maximum(numbers, 0), dtype="Int64")).mask(numbers < 0)
