"""Where information first came from."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from csp_toolkit.errors import TableError
from csp_toolkit.tables.origins import ORIGIN_COLUMNS, count_origins, trace_origins
from csp_toolkit.tables.view import View, empty_table


def reports(*rows: tuple[str, str | None, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["report_ref", "origin_ref", "derived_from"])
    return frame.astype({"report_ref": "str", "origin_ref": "str", "derived_from": "str"})


def origins(frame: pd.DataFrame) -> dict[str, str]:
    return trace_origins(frame).set_index("report_ref")["origin_id"].to_dict()


def test_reports_of_one_origin_are_one_and_others_are_their_own() -> None:
    traced = trace_origins(
        reports(("R1", "OR-1", None), ("R2", "OR-1", None), ("R3", "OR-2", None), ("R4", None, None))
    )
    assert tuple(traced.columns) == ORIGIN_COLUMNS
    assert traced["origin_id"].tolist() == ["OR-1", "OR-1", "OR-2", "R4"]
    assert traced["n_reports"].tolist() == [2, 2, 1, 1]


def test_a_circle_of_reports_is_one_origin() -> None:
    assert origins(reports(("R1", None, "R3"), ("R2", None, "R1"), ("R3", None, "R2"))) == dict.fromkeys(
        ["R1", "R2", "R3"], "R1"
    )


def test_a_report_that_repeats_two_joins_their_origins() -> None:
    assert set(origins(reports(("R1", "OR-2", None), ("R2", "OR-1", None), ("R3", None, "R1; R2"))).values()) == {
        "OR-1"
    }


def test_an_origin_goes_before_a_report_that_sorts_smaller() -> None:
    assert set(origins(reports(("A1", None, "R9"), ("R9", "OR-1", None))).values()) == {"OR-1"}


def test_reports_that_repeat_one_never_received_share_it() -> None:
    traced = trace_origins(reports(("R5", None, "R1"), ("R6", None, "R1"), ("R7", None, None)))
    assert traced["origin_id"].tolist() == ["R1", "R1", "R7"]
    assert traced["n_reports"].tolist() == [2, 2, 1]


def test_an_origin_that_looks_like_a_report_is_not_that_report() -> None:
    assert origins(reports(("R1", None, None), ("R2", "R1", None))) == {"R1": "R1", "R2": "R1"}
    assert trace_origins(reports(("R1", None, None), ("R2", "R1", None)))["n_reports"].tolist() == [1, 1]


def test_versions_of_one_report_count_once() -> None:
    traced = trace_origins(reports(("R1", "OR-1", None), ("R1", "OR-1", "R2"), ("R2", None, None)))
    assert traced["report_ref"].tolist() == ["R1", "R2"]
    assert traced["n_reports"].tolist() == [2, 2]


def test_no_reports_have_no_origins() -> None:
    assert trace_origins(reports()).empty
    with pytest.raises(TableError, match="no column derived_from"):
        trace_origins(reports().drop(columns="derived_from"))


ROWS = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.one_of(st.none(), st.integers(0, 4)),
        st.lists(st.integers(0, 12), max_size=2),
    ),
    max_size=14,
    unique_by=lambda row: row[0],
)


def drawn(rows: list[tuple[int, int | None, list[int]]]) -> pd.DataFrame:
    return reports(*(
        (f"R{n:02d}", None if o is None else f"OR-{o}", "; ".join(f"R{d:02d}" for d in ds) or None) for n, o, ds in rows
    ))  # fmt: skip


def by_walking(rows: list[tuple[int, int | None, list[int]]]) -> dict[str, str]:
    """Say the same by walking from each report: slow, plain, and sharing no code."""
    links: dict[str, set[str]] = {}
    for n, o, ds in rows:
        for other in [f"R{d:02d}" for d in ds] + ([f"OR-{o}"] if o is not None else []):
            links.setdefault(f"R{n:02d}", set()).add(other)
            links.setdefault(other, set()).add(f"R{n:02d}")
    said = {}
    for n, _, _ in rows:
        seen, ahead = set(), [f"R{n:02d}"]
        while ahead:
            here = ahead.pop()
            if here not in seen:
                seen.add(here)
                ahead += links.get(here, set())
        named = sorted(node for node in seen if node.startswith("OR-"))
        said[f"R{n:02d}"] = named[0] if named else min(seen)
    return said


@given(rows=ROWS)
def test_origins_are_what_walking_the_links_finds(rows: list[tuple[int, int | None, list[int]]]) -> None:
    assert origins(drawn(rows)) == by_walking(rows)


@given(rows=ROWS, seed=st.integers(0, 1000))
def test_the_order_of_reports_does_not_matter(rows: list[tuple[int, int | None, list[int]]], seed: int) -> None:
    frame = drawn(rows)
    shuffled = frame.sample(frac=1, random_state=seed)
    assert_frame_equal(trace_origins(frame), trace_origins(shuffled))
    assert list(shuffled.columns) == ["report_ref", "origin_ref", "derived_from"]


def judged(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["report_a", "report_b", "verdict"], dtype="str")


def test_reports_a_person_said_are_of_one_origin_are_one() -> None:
    frame = reports(("R1", "OR-2", None), ("R2", "OR-1", None), ("R3", None, "R2"), ("R4", None, None))
    traced = trace_origins(frame, judged(("R1", "R3", "SAME")))
    assert traced["origin_id"].tolist() == ["OR-1", "OR-1", "OR-1", "R4"]
    assert_frame_equal(traced, trace_origins(frame, judged(("R3", "R1", "SAME"))))


@pytest.mark.parametrize("verdict", ["NOT_SAME", "UNDECIDED"])
def test_any_other_verdict_joins_nothing_and_parts_nothing(verdict: str) -> None:
    frame = reports(("R1", "OR-1", None), ("R2", "OR-1", None), ("R3", None, None))
    told = judged(("R1", "R2", verdict), ("R2", "R3", verdict))
    assert_frame_equal(trace_origins(frame, told), trace_origins(frame))


def test_an_undone_verdict_leaves_what_was_before_it() -> None:
    frame = reports(("R1", None, None), ("R2", None, None))
    assert trace_origins(frame, judged(("R1", "R2", "SAME")))["origin_id"].nunique() == 1
    assert_frame_equal(trace_origins(frame, judged()), trace_origins(frame))


def test_confirmed_pairs_without_a_verdict_are_refused() -> None:
    with pytest.raises(TableError, match="no column verdict"):
        trace_origins(reports(("R1", None, None)), judged(("R1", "R1", "SAME")).drop(columns="verdict"))


def seen(frame: pd.DataFrame, *named: tuple[str, str]) -> View:
    """A view of reports and of who is named in which (person_id, report_ref)."""
    empty = empty_table("intel_subjects")
    subjects = pd.DataFrame(list(named), columns=["person_id", "report_ref"]).reindex(columns=empty.columns)
    none = pd.DataFrame()
    return View(
        as_of=date(2026, 11, 26), known_at=date(2026, 11, 26), people=none, person_keys=none, possible_matches=none,
        decisions=none, coverage=none, rejected=none,
        tables={"intel_reports": frame, "intel_subjects": subjects.astype(empty.dtypes.to_dict())},
    )  # fmt: skip


SEVEN = reports(
    *((f"R{n}", "OR-1" if n < 4 else None, None) for n in range(1, 5)),
    ("R5", None, "R4"), ("R6", None, "R5"), ("R7", None, "R6"),
)  # fmt: skip


def test_seven_reports_of_two_origins_are_said_to_be_that() -> None:
    view = seen(SEVEN, *(("PER-A", f"R{n}") for n in range(1, 8)), ("PER-B", "R1"))
    counted = count_origins(view)
    assert counted.explain("PER-A") == "7 reports, 2 origins."
    assert counted.explain("PER-B") == "1 report, 1 origin."
    assert "No report" in counted.explain("PER-C")
    assert counted.table.iloc[0].tolist() == ["PER-A", 7, 2, 4, 5]
    assert "PER-A" in counted._repr_html_() and "PER-B" not in counted._repr_html_()


def test_the_reasons_add_up_to_the_counts() -> None:
    counted = count_origins(seen(SEVEN, *(("PER-A", f"R{n}") for n in range(1, 8)), ("PER-B", "R1")))
    by = counted.reasons.groupby("person_id")["n_reports"].agg(["sum", "size"]).rename_axis("person_id")
    table = counted.table.set_index("person_id")
    assert by["sum"].to_dict() == table["n_reports"].to_dict()
    assert by["size"].to_dict() == table["n_origins"].to_dict()


def test_a_confirmed_origin_makes_seven_reports_one() -> None:
    view = seen(SEVEN, *(("PER-A", f"R{n}") for n in range(1, 8)))
    assert count_origins(view, judged(("R1", "R7", "SAME"))).explain("PER-A") == "7 reports, 1 origin."


def test_a_report_that_no_longer_counts_is_not_counted_and_still_joins() -> None:
    view = seen(SEVEN[SEVEN["report_ref"] != "R6"], *(("PER-A", f"R{n}") for n in range(1, 8)))
    view = replace(view, ever={"intel_reports": SEVEN})
    assert count_origins(view).explain("PER-A") == "6 reports, 2 origins."
