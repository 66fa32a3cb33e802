"""A small fictional partnership for the tests of sharing: four adults, a child, and a person only ever harmed."""

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from csp_toolkit.records.schema import TABLES
from csp_toolkit.tables.view import (
    COVERAGE_COLUMNS,
    DECISION_COLUMNS,
    PERSON_KEY_COLUMNS,
    POSSIBLE_MATCH_COLUMNS,
    REJECTED_COLUMNS,
    View,
    empty_table,
)

PEOPLE = [
    ("PER-AAAA", "SYN/000001/20", "WATSON", "Alfie", "1998-03-05"),
    ("PER-BBBB", "SYN/000002/20", "O'NEILL-HART", "Bo", "1995-11-30"),
    ("PER-CCCC", "SYN/000003/20", "NULL", "Cy", "1990-01-09"),
    ("PER-DDDD", "SYN/000004/20", "DAVIS", "Di", "1988-07-21"),
    ("PER-EEEE", "SYN/000005/20", "THORNTON", "Shane", "2010-02-01"),
    ("PER-FFFF", "SYN/000006/20", "VICTOR", "Fay", "1999-12-12"),
]
AS_OF = date(2026, 11, 26)


@dataclass(frozen=True, eq=False)
class Papers:
    """The papers of a meeting, as `release` takes them."""

    tables: dict
    facts: dict = field(default_factory=dict)


def make_view(*, is_synthetic: bool = True) -> View:
    """Make a view in which VICTOR is recorded as a victim and in no other part."""
    ids, refs, family, given, born = zip(*PEOPLE, strict=True)
    people = pd.DataFrame(
        {
            "person_id": ids, "source_refs": refs, "family_name": family, "given_name": given,
            "dob": pd.to_datetime(list(born)).astype("datetime64[us]"), "dob_precision": "EXACT",
        }
    )  # fmt: skip
    tables = {name: empty_table(name) for name in TABLES}
    tables["person_records"] = _fill(
        "person_records", source_ref=refs, family_name=family, given_name=given, dob=people["dob"],
        aliases=['"Ghost"', None, None, "'Smiley'; DAVISON, Di", None, None], person_id=ids,
        postcode=["SS13 1ZZ", None, None, "SS14 9QQ", None, None],
    )  # fmt: skip
    tables["crime_suspects"] = _fill("crime_suspects", crime_ref=["C1"] * 5, person_ref=refs[:5], person_id=ids[:5])
    tables["crime_victims"] = _fill("crime_victims", crime_ref=["C1"] * 2, person_ref=refs[4:], person_id=ids[4:])
    tables["agreements"] = _fill(
        "agreements", agreement_ref=["SYN-ISA-001", "SYN-ISA-007"], agency=["Essex Police", "Council Housing/ASB"],
        regime=["DPA 2018 Part 3", "UK GDPR + Sch 1"], signed_on=["2026-02-01"] * 2, expires_on=["2027-01-31"] * 2,
        status=["IN_FORCE"] * 2,
    )  # fmt: skip
    keys = pd.DataFrame({"person_id": ids, "source_system": "police", "source_ref": refs})[list(PERSON_KEY_COLUMNS)]
    return View(
        as_of=AS_OF, known_at=AS_OF, tables=tables, people=people, person_keys=keys,
        possible_matches=pd.DataFrame(columns=list(POSSIBLE_MATCH_COLUMNS)),
        decisions=pd.DataFrame(columns=list(DECISION_COLUMNS)), coverage=pd.DataFrame(columns=list(COVERAGE_COLUMNS)),
        rejected=pd.DataFrame(columns=list(REJECTED_COLUMNS)), is_synthetic=is_synthetic,
    )  # fmt: skip


def _fill(table: str, **columns) -> pd.DataFrame:
    empty = empty_table(table)
    frame = pd.DataFrame(columns).reindex(columns=empty.columns)
    return frame.astype({column: empty[column].dtype for column in empty.columns})


def make_papers() -> Papers:
    """Make papers in which housing is asked about WATSON and the child, and about nobody else."""
    listed = pd.DataFrame(
        {
            "place": pd.Series([1, 2, 3], dtype="Int64"),
            "person_id": ["PER-AAAA", "PER-BBBB", "PER-EEEE"],
            "name": ["WATSON, Alfie", "O'NEILL-HART, Bo", "THORNTON, Shane"],
            "reference": ["SYN/000001/20", "SYN/000002/20", "SYN/000005/20"],
            "age_years": pd.Series([28, 30, 16], dtype="Int64"),
            "is_child": ["N", "N", "Y"],
            "score": [64.0, 57.2, None],
            "band": ["Red", "Amber", None],
            "dob": pd.to_datetime(["1998-03-05", "1995-11-30", "2010-02-01"]),
            "rationale": ["free text CANARY-LIST", "free text", "free text"],
        }
    )
    ties = pd.DataFrame(
        {
            "person_a": ["PER-AAAA", "PER-AAAA", "PER-BBBB"],
            "person_b": ["PER-BBBB", "PER-DDDD", "PER-DDDD"],
            "label_a": ["WATSON, Alfie", "WATSON, Alfie", "O'NEILL-HART, Bo"],
            "label_b": ["O'NEILL-HART, Bo", "DAVIS, Di", "DAVIS, Di"],
            "handling": ["P", "C", "C"],
            "handling_conditions": [
                None, "May be shared with named members of panel only", "Originator to be consulted before any use",
            ],
            "n_origins": pd.Series([2, 1, 1], dtype="Int64"),
        }
    )  # fmt: skip
    actions = pd.DataFrame(
        {
            "action_ref": ["A1", "A2", "A3", "A4"],
            "action_text": ["Visit the tenancy", "Ask who else was with Davis", "Stop and talk", "Send the return"],
            "agency": ["Council Housing/ASB", "Council Housing/ASB", "Essex Police", "Council Housing/ASB"],
            "status": ["OPEN", "IN_PROGRESS", "OPEN", "OPEN"],
            "person_id": ["PER-AAAA", "PER-EEEE", "PER-DDDD", None],
            "due_on": pd.to_datetime(["2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04"]),
        }
    )
    asked = pd.DataFrame(
        {
            "person_id": ["PER-AAAA", "PER-EEEE", "PER-DDDD"],
            "agency": ["Council Housing/ASB", "Council Housing/ASB", "Essex Police"],
            "name": ["WATSON, Alfie", "THORNTON, Shane", "DAVIS, Di"],
            "reference": ["SYN/000001/20", "SYN/000005/20", "SYN/000004/20"],
            "age_years": pd.Series([28, 16, 38], dtype="Int64"),
            "is_child": ["N", "Y", "N"],
            "band": ["Red", None, "Green"],
            "question": ["Who lives there now?", "Who lives there now?", "Where does he stay?"],
        }
    )
    facts = {
        "as_of": "2026-11-26", "title": "Gangs Intelligence Meeting", "finding_list": "Watson and Davis stand out.",
        "matrix_note": "An example.", "stage": "candidates",
    }  # fmt: skip
    return Papers({"police_list": listed, "ties": ties, "actions": actions, "people_asked": asked}, facts)
