"""Where information first came from."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from csp_toolkit.errors import TableError
from csp_toolkit.tables.origins import ORIGIN_COLUMNS, trace_origins


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
