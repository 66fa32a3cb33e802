"""Small sets of answers for tests: what is given, every other question that applies answered 0 with a note."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from csp_toolkit.risk.answers import Answers, weigh_answers
from csp_toolkit.risk.assessments import Assessments
from csp_toolkit.risk.bands import assess
from csp_toolkit.risk.toolkit import Toolkit, read_toolkit

RAT, AREAS = read_toolkit("csp_rat_v1"), read_toolkit("eight_areas_v1")
ON, AS_OF = date(2026, 11, 2), date(2026, 11, 26)


def one(
    given: Mapping[str, object], *, age: int | None = 15, unknown: tuple[str, ...] = (), on: date = ON,
    toolkit: Toolkit = RAT, ref: str = "C/1", **facts: bool,
) -> Answers:  # fmt: skip
    """Return one assessment. An answer is a number, or a list of rows as agencies gave them."""
    rows = []
    for indicator in toolkit.indicators:
        said = given.get(indicator.id, "UNKNOWN" if indicator.id in unknown else 0)
        for row in said if isinstance(said, list) else [{"answer": said}]:
            rows.append({"assessment_ref": ref, "indicator": indicator.id, "note": "seen"} | row)
    return weigh_answers(
        as_rows(rows), pd.DataFrame([{"assessment_ref": ref, "assessed_on": on, "age_years": age} | facts]), toolkit
    )


def as_rows(rows: list[dict]) -> pd.DataFrame:
    """Return answers as `weigh_answers` takes them."""
    names = ["assessment_ref", "indicator", "answer", "last_seen_on", "source_agency", "grade", "note", "reason"]
    frame = pd.DataFrame(rows).reindex(columns=names)
    frame = frame.assign(answer=frame["answer"].astype("str"), last_seen_on=pd.to_datetime(frame["last_seen_on"]))
    return frame.astype(dict.fromkeys(("source_agency", "grade", "note", "reason"), "str"))


def assessed(given: Mapping[str, object], **options: object) -> Assessments:
    """Return what one assessment comes to."""
    return assess(one(given, **options), as_of=AS_OF)  # type: ignore[arg-type]


def result(given: Mapping[str, object], **options: object) -> dict[str, object]:
    """Return the row of one assessment."""
    return assessed(given, **options).table.iloc[0].to_dict()
