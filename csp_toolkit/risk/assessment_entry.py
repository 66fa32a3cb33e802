"""One assessment of one case while it is made: its answers tried, held against the records, and recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

import pandas as pd

from csp_toolkit.errors import DecisionError
from csp_toolkit.risk.answer_grid import ROW_COLUMNS
from csp_toolkit.risk.answers import Answers, weigh_answers
from csp_toolkit.risk.assessments import Assessments
from csp_toolkit.risk.bands import assess
from csp_toolkit.risk.caps import EARLY, LATE
from csp_toolkit.risk.contradicting.contradictions import Contradictions, find_contradictions
from csp_toolkit.risk.facts import gather_facts
from csp_toolkit.risk.overriding.overrides import find_floor
from csp_toolkit.risk.overriding.rules import find_faults
from csp_toolkit.risk.suggesting.suggestions import Suggestions, suggest_answers
from csp_toolkit.risk.toolkit import Toolkit
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deciding.assessment_rules import ANSWER, ANSWERED, OVERRIDE
from csp_toolkit.tables.deciding.decisions import DecideReport, Decision, list_decisions
from csp_toolkit.tables.view import View


@dataclass(frozen=True)
class Given:
    """One answer as the form takes it: 0 to 3, UNKNOWN with a reason, or NOT_APPLICABLE, and what it rests on."""

    answer: str
    source_agency: str | None = None
    last_seen_on: date | None = None
    grade: str | None = None
    note: str | None = None
    reason: str | None = None
    is_suggested: bool = False


@dataclass(frozen=True, eq=False)
class AssessmentEntry:
    """One assessment of one case, and the ways to try, check and record its answers.

    Attributes
    ----------
    case_ref, assessment_no, assessed_on : which assessment of which case, of which day.
    started : the answers it holds already (`answer_grid.ROW_COLUMNS`); none where it is new.
    before : the answers of the assessment before, to read and not to carry forward.
    """

    view: View
    casebook: Casebook
    toolkit: Toolkit
    case_ref: str
    person_id: str
    assessment_no: int
    assessed_on: date
    started: pd.DataFrame
    before: pd.DataFrame
    ties: pd.DataFrame | None

    @property
    def assessment_ref(self) -> str:
        """The reference of the assessment."""
        return f"{self.case_ref}/{self.assessment_no}"

    @cached_property
    def suggestions(self) -> Suggestions:
        """What the records suggest, for somebody to accept."""
        return suggest_answers(self.view, self.toolkit, refs=[self.case_ref], ties=self.ties)

    def try_answers(self, given: Mapping[str, Given]) -> Assessments:
        """Return what these answers come to, with those it holds already. Nothing is recorded."""
        return assess(self._weigh(given), as_of=max(self.view.as_of, self.assessed_on))

    def check(self, given: Mapping[str, Given]) -> Contradictions:
        """Hold these answers against the records and against each other. Nothing is recorded."""
        return find_contradictions(self.view, self.try_answers(given), ties=self.ties)

    def record(
        self, given: Mapping[str, Given], *, decided_by: str, role: str, decided_on: date | None = None,
        recorded_on: date | None = None, at: datetime | None = None,
    ) -> DecideReport:  # fmt: skip
        """Record these answers, all of them or none; what cannot have been seen when it is said to be is refused.

        Raises
        ------
        DecisionError : nobody is named, or a question was seen after the assessment or before birth; all are named.
        """
        weighed = self._weigh(given).table
        late = weighed[weighed["cap"].isin([LATE, EARLY]) & weighed["indicator"].isin(list(given))]
        if len(late):
            said = ", ".join(dict.fromkeys(late["indicator"]))
            raise DecisionError(
                f"Answers: {said} cannot have been seen on that day. Mend the date. Nothing was recorded."
            )
        made = [self._decide_answer(i, g, decided_by, role, decided_on) for i, g in given.items()]
        return self._send(made, decided_by, recorded_on or decided_on or self.assessed_on, at)

    def override(
        self, axis: str, band: str, *, reason: str, evidence: str, valid_until: date, decided_by: str, role: str,
        decided_on: date, agency: str = "", countersigned_by: str = "", at: datetime | None = None,
    ) -> DecideReport:  # fmt: skip
        """Record an override of one axis of this assessment; what does not keep the toolkit's rules is refused.

        `countersigned_by` is written ``name, role; name, role``.
        """
        assessed = self.try_answers({})
        row = assessed.table.iloc[0].to_dict()
        computed = str(row[f"{axis.lower()}_band_so_far"])
        names = self.toolkit.band_names
        is_up = band in names and (computed not in names or names.index(band) > names.index(computed))
        details = {"slot": f"{self.assessment_ref} {axis}", "assessment_ref": self.assessment_ref, "axis": axis,
                   "band": band, "evidence": evidence, "agency": agency,
                   "countersigned_by": countersigned_by}  # fmt: skip
        made = Decision(
            kind=OVERRIDE, meeting_on=self.view.as_of, decided_on=decided_on, decided_by=decided_by, role=role,
            outcome="UP" if is_up else "DOWN", reason=reason, person_ref=self.case_ref, valid_until=valid_until,
            details=details,
        )  # fmt: skip
        said = details | {"outcome": made.outcome, "reason": reason, "decided_by": decided_by,
                          "decided_on": pd.Timestamp(decided_on), "valid_until": pd.Timestamp(valid_until)}  # fmt: skip
        faults = find_faults(said, row | {"computed_band": computed}, find_floor(assessed, 0, axis), self.toolkit)
        if faults:
            raise DecisionError(f"Override: {'; '.join(faults)}. Nothing was recorded.")
        return self._send([made], decided_by, decided_on, at)

    def _weigh(self, given: Mapping[str, Given]) -> Answers:
        rows = [
            {"indicator": i, "answer": g.answer, "last_seen_on": g.last_seen_on, "grade": g.grade or None,
             "source_agency": g.source_agency or self._owner(i), "note": g.note or None, "reason": g.reason or None}
            for i, g in given.items()
        ]  # fmt: skip
        new = pd.DataFrame(rows, columns=list(ROW_COLUMNS)).assign(assessment_ref=self.assessment_ref)
        new["last_seen_on"] = pd.to_datetime(new["last_seen_on"]).astype("datetime64[us]")
        texts = dict.fromkeys(("indicator", "answer", "source_agency", "grade", "note", "reason"), "str")
        both = pd.concat([self.started.astype(texts), new.astype(texts)], ignore_index=True)
        both = both.drop_duplicates(["indicator", "source_agency"], keep="last").reset_index(drop=True)
        return weigh_answers(both, self._whose, self.toolkit)

    @cached_property
    def _whose(self) -> pd.DataFrame:
        one = pd.DataFrame(
            {"assessment_ref": [self.assessment_ref], "case_ref": [self.case_ref], "person_id": [self.person_id],
             "assessment_no": [self.assessment_no], "assessed_on": [pd.Timestamp(self.assessed_on)]}
        )  # fmt: skip
        return one.join(gather_facts(self.view, one, self.toolkit))

    def _owner(self, indicator: str) -> str | None:
        asked = self.toolkit.by_id.get(indicator)
        return asked.owner if asked else None

    def _decide_answer(self, indicator: str, g: Given, by: str, role: str, on: date | None) -> Decision:
        agency = g.source_agency or self._owner(indicator) or ""
        details = {
            "slot": f"{self.assessment_ref} {indicator} {agency}", "case_ref": self.case_ref,
            "assessment_no": str(self.assessment_no), "assessed_on": self.assessed_on.isoformat(),
            "indicator": indicator, "answer": g.answer, "source_agency": agency, "grade": g.grade or "",
            "last_seen_on": g.last_seen_on.isoformat() if g.last_seen_on else "", "note": g.note or "",
            "reason": g.reason or "", "suggested": "Y" if g.is_suggested else "",
        }  # fmt: skip
        return Decision(
            kind=ANSWER, meeting_on=self.view.as_of, decided_on=on or self.assessed_on, decided_by=by, role=role,
            outcome=ANSWERED, person_ref=self.case_ref, details=details,
        )  # fmt: skip

    def _send(self, made: list[Decision], by: str, recorded_on: date, at: datetime | None) -> DecideReport:
        actor = by or "analyst"
        return self.casebook.decide(
            list_decisions(made), recorded_on=recorded_on, actor=actor, at=at or datetime.now(UTC)
        )
