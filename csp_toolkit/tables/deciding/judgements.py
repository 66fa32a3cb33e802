"""What people judged of pairs: whether two records are one person, two reports have one origin, two lines are one.

A judgement names its pair by the keys of the records themselves, so it holds whatever is delivered, and in whatever
order; of a record not received yet it waits. The last word on a pair stands; a word withdrawn leaves no trace in a
view. It counts from the day it was recorded, in views as at any date, for who somebody is does not change with time.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from csp_toolkit.tables.deciding.rules import IDENTITY, LINE, ORIGIN, PAIRS, SAME, WITHDRAWN

END_COLUMNS = ("system_a", "ref_a", "system_b", "ref_b")
JUDGEMENT_COLUMNS = (
    "kind", *END_COLUMNS, "verdict", "meeting_on", "decided_on", "decided_by", "role", "reason", "valid_until", "state",
)  # fmt: skip
APPLIES, WAITS = "applies", "waits for a record not received yet"
_REPORTS, _LINES = "reports", "lines"


def stand(recorded: Sequence[Mapping[str, Any]], person_refs: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """Return the judgements that stand (`JUDGEMENT_COLUMNS`), sorted by pair.

    Parameters
    ----------
    recorded : decisions as stored, first recorded first; kinds that are not of pairs are passed over.
    person_refs : source_system and source_ref of every record known: a judgement of any other waits.
    as_of : a judgement with an end is lapsed in views as at a later day.
    """
    last: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for row in recorded:
        if row["kind"] in PAIRS:
            last[row["kind"], *_ends(row)] = row
    known = set(zip(person_refs["source_system"].to_numpy(), person_refs["source_ref"].to_numpy(), strict=True))
    rows = []
    for (kind, *ends), row in sorted(last.items()):
        if row["outcome"] == WITHDRAWN or (row["valid_until"] and row["valid_until"] < as_of):
            continue
        waits = kind == IDENTITY and not {(ends[0], ends[1]), (ends[2], ends[3])} <= known
        said = {name: row[name] for name in JUDGEMENT_COLUMNS if name in row}
        state = WAITS if waits else APPLIES
        rows.append({**said, "kind": kind, **dict(zip(END_COLUMNS, ends, strict=True)), "verdict": row["outcome"],
                     "state": state})  # fmt: skip
    table = pd.DataFrame(rows, columns=list(JUDGEMENT_COLUMNS))
    dates = ("meeting_on", "decided_on", "valid_until")
    return table.astype({name: "datetime64[us]" if name in dates else "str" for name in JUDGEMENT_COLUMNS})


def no_judgements() -> pd.DataFrame:
    """Return the judgements of a view in which nobody judged anything."""
    return stand([], pd.DataFrame({"source_system": [], "source_ref": []}), as_of=date.min)


def list_judged_origins(judgements: pd.DataFrame) -> pd.DataFrame:
    """Return the judged pairs of reports as `trace_origins` takes them: report_a, report_b, verdict."""
    made = judgements[judgements["kind"] == ORIGIN].reset_index(drop=True)
    return pd.DataFrame({"report_a": made["ref_a"], "report_b": made["ref_b"], "verdict": made["verdict"]})


def list_judged_lines(judgements: pd.DataFrame) -> pd.DataFrame:
    """Return the judged pairs of drug lines: line_a, line_b, verdict, decided_on."""
    made = judgements[judgements["kind"] == LINE].reset_index(drop=True)
    return pd.DataFrame({"line_a": made["ref_a"], "line_b": made["ref_b"], "verdict": made["verdict"],
                         "decided_on": made["decided_on"]})  # fmt: skip


def list_judged_people(judgements: pd.DataFrame, person_keys: pd.DataFrame) -> pd.DataFrame:
    """Return person_a, person_b and verdict of each judgement of identity that applies and is not `SAME`."""
    made = judgements[judgements["kind"].eq(IDENTITY) & judgements["verdict"].ne(SAME)]
    made = made[made["state"].eq(APPLIES)].reset_index(drop=True)
    ids = person_keys.set_index(["source_system", "source_ref"])["person_id"]
    ends = {end: ids.reindex(pd.MultiIndex.from_frame(made[[f"system_{end}", f"ref_{end}"]])) for end in ("a", "b")}
    people = {f"person_{end}": found.to_numpy() for end, found in ends.items()}
    return pd.DataFrame({**people, "verdict": made["verdict"], "decided_on": made["decided_on"]})


def _ends(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    details = json.loads(row["details"])
    if row["kind"] == IDENTITY:
        return details["system_a"], details["ref_a"], details["system_b"], details["ref_b"]
    if row["kind"] == LINE:
        return _LINES, details["line_a"], _LINES, details["line_b"]
    return _REPORTS, details["report_a"], _REPORTS, details["report_b"]
