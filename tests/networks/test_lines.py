"""A line, its numbers and its group are three things: reach by hand, and a rebrand suggested with its reasons (XB6)."""

from dataclasses import replace

import pandas as pd
import pytest

from csp_toolkit.networks.borders.line_reach import concentrate, trace_lines
from csp_toolkit.networks.borders.rebrands import suggest_rebrands
from csp_toolkit.tables.deciding.judgements import stand
from tests.networks.small_borders import FAR, HERE, NEAR, arrest, make_homes, make_policy
from tests.networks.small_views import make_view


def line(ref: str, first: str, last: str, home: str = "Far", hosts: str = "Here", **more: object) -> dict:
    """Return a line of the register."""
    row = {
        "line_ref": ref,
        "brand": f"B{ref}",
        "status": "ACTIVE",
        "home_area": home,
        "host_areas": hosts,
        "drugs": "Crack",
    }
    return row | {"first_seen_on": first, "last_active_on": last} | more


def link(ref: str, person: str, since: str, role: str = "RUNNER", **more: object) -> dict:
    """Return a person's part in a line."""
    return {"link_ref": f"{ref}{person}", "line_ref": ref, "person_ref": person, "role": role, "from_on": since} | more


OLD = line(
    "1", "2025-01-01", "2026-09-01", status="CLOSED", closed_on="2026-09-01", hosts="Here; Near", deal="2 for 15"
)
NEW = line("2", "2026-09-25", "2026-11-20", hosts="Near; Here", deal="2 FOR 15")
SHARED = [
    link("1", "P", "2026-01-01"),
    link("1", "Q", "2026-01-01"),
    link("2", "P", "2026-10-01"),
    link("2", "Q", "2026-10-01"),
]


def suggest(*lines: dict, people: list = SHARED, **tables: list) -> object:
    """Suggest rebrands in a view of these lines."""
    view = make_view(lines=list(lines), line_people=people, **tables)
    homes = make_homes(view)
    return suggest_rebrands(view, trace_lines(view, homes), homes.policy)


def reach_of(*lines: dict, **tables: list) -> object:
    """Trace the lines of a view."""
    view = make_view(lines=list(lines), **tables)
    return trace_lines(view, make_homes(view))


def test_a_line_reaches_the_distinct_areas_it_runs_from_and_into() -> None:
    runs = [("Far", "Here; Near; Far"), ("Here", "Here"), ("Here", "Here; Near"), ("UNK", "Here"), ("Far", "Near")]
    reach = reach_of(*[line(str(n), "2026-01-01", "2026-11-20", *run) for n, run in enumerate(runs, start=1)])
    table = reach.table.set_index("line_ref")
    assert table["n_districts"].tolist() == [3, 1, 2, 1, 2] and table["n_hosts"].tolist() == [3, 1, 2, 1, 1]
    assert table["direction"].tolist() == [
        "into here", "within here", "out of here", "origin not known", "between other areas",
    ]  # fmt: skip
    counted = reach.areas_of[reach.areas_of["area"] != "UNK"].groupby("line_ref")["area"].nunique()
    assert counted.tolist() == table["n_districts"].tolist()


def test_origins_are_as_concentrated_as_the_sum_of_their_squared_shares() -> None:
    assert concentrate(pd.Series([FAR, FAR, NEAR, HERE])) == pytest.approx(0.25 + 0.0625 + 0.0625)
    assert pd.isna(concentrate(pd.Series([], dtype="str")))
    lines = [line(str(n), "2026-01-01", "2026-11-20", home) for n, home in enumerate(["Far", "Far", "Near", "UNK"])]
    reach = reach_of(*lines, line("9", "2026-01-01", "2026-11-20", "Here", status="CLOSED"))
    assert reach.origin_concentration == pytest.approx((2 / 3) ** 2 + (1 / 3) ** 2) and reach.n_origin_unknown == 1


def test_the_homes_of_its_people_stand_beside_a_line_and_a_user_or_a_householder_is_not_one_of_them() -> None:
    reach = reach_of(
        OLD,
        line_people=[link("1", p, "2026-03-05", role) for p, role in (("P", "RUNNER"), ("Q", "DRIVER"), ("U", "USER"))],
        custody=[arrest("P", "2026-03-01", "Near"), arrest("U", "2026-03-01", "Near")],
    )  # fmt: skip
    one = reach.table.iloc[0]
    assert (one["n_people"], one["n_home_known"], one["origin_concentration"]) == (2, 1, 1.0)


def test_silence_counts_from_the_last_day_it_was_active_and_a_closed_line_is_not_silent() -> None:
    reach = reach_of(
        line("1", "2026-01-01", "2026-10-29"), line("2", "2026-01-01", "2026-10-28"), OLD | {"line_ref": "3"}
    )
    assert reach.table[["days_silent", "is_silent"]].to_numpy().tolist() == [[28, "N"], [29, "Y"], [86, "N"]]


def test_a_number_shows_its_last_three_digits_and_no_more() -> None:
    reach = reach_of(
        OLD, line_phones=[{"phone_ref": "N", "line_ref": "1", "number": "+447700900123", "from_on": "2026-01-01"}]
    )
    words = reach.spans.loc[reach.spans["kind"] == "number", "words"].tolist()
    assert words == ["number …123"] and reach.table.iloc[0]["n_numbers_live"] == 1


def test_a_line_that_came_back_under_a_new_name_is_suggested_with_its_reasons() -> None:
    found = suggest(OLD, NEW)
    assert found.table[["old_line", "new_line", "gap_days", "n_people"]].to_numpy().tolist() == [["1", "2", 24, 2]]
    signs = found.signs.set_index("sign")
    rule = make_policy().rebrand
    assert signs.loc["shared person", "counts"] == 2 * rule.shared_person  # neither is in any other line
    assert signs.loc["came over", "counts"] == rule.came_over and signs.loc["deal", "counts"] == rule.same_deal
    assert signs["counts"].sum() == pytest.approx(found.table.iloc[0]["counts"])
    sentence = found.table.iloc[0]["sentence"]
    assert "may be B1 under a new name" in sentence and "Another network may have taken the vacancy" in sentence


@pytest.mark.parametrize(
    ("change", "worse"),
    [
        ({"home_area": "Near"}, "homes"), ({"controlling_group": "G2"}, "group"), ({"drugs": "Cannabis"}, "drugs"),
        ({"host_areas": "Far"}, None), ({"deal": "3 for 25"}, None),
    ],
)  # fmt: skip
def test_what_differs_counts_less_or_against(change: dict, worse: str | None) -> None:
    old = OLD | {"controlling_group": "G1"}
    same, other = (suggest(old, NEW | {"controlling_group": "G1"} | more) for more in ({}, change))
    counts = [found.considered.iloc[0]["counts"] for found in (same, other)]
    assert counts[1] < counts[0]
    against = other.signs[other.signs["counts"] < 0]["sign"].tolist()
    assert against == ([worse] if worse else [])


def test_somebody_in_many_lines_tells_one_from_another_less() -> None:
    others = [line(str(n), "2025-01-01", "2026-11-20") for n in range(3, 6)]
    crowd = [link(str(n), p, "2026-01-01") for n in range(3, 6) for p in "PQ"]
    signs = suggest(OLD, NEW, *others, people=[*SHARED, *crowd]).signs
    ours = signs[(signs["old_line"] == "1") & (signs["new_line"] == "2")].set_index("sign")
    assert ours.loc["shared person", "counts"] == pytest.approx(2 * 1 / 4)


def test_likeness_without_anybody_or_anything_in_both_is_no_suggestion() -> None:
    found = suggest(OLD | {"controlling_group": "G"}, NEW | {"controlling_group": "G"}, people=[])
    assert found.table.empty and found.considered["is_suggested"].tolist() == ["N"]
    view = make_view(lines=[OLD | {"controlling_group": "G"}, NEW | {"controlling_group": "G"}])
    easy = make_policy(rebrand=make_policy().rebrand.model_copy(update={"at_least": 0.1}))
    found = suggest_rebrands(view, trace_lines(view, make_homes(view)), easy)
    assert found.considered["counts"].iloc[0] > 1 and found.table.empty, "however little is asked for"
    householders = [{"link_ref": f"h{n}", "line_ref": n, "person_ref": "H"} for n in "12"]
    buyers = [link(n, "U", "2026-01-01", "USER") for n in "12"]
    assert suggest(OLD, NEW, people=buyers, line_cuckooed=householders).table.empty


def test_a_shared_number_or_address_is_a_sign() -> None:
    phones = [{"phone_ref": n, "line_ref": n, "number": "07700900001"} for n in "12"]
    homes = [{"link_ref": n, "line_ref": n, "uprn": "9"} for n in "12"]
    signs = suggest(OLD, NEW, people=[], line_phones=phones, line_addresses=homes).signs
    assert {"shared number", "shared address"} <= set(signs["sign"])


@pytest.mark.parametrize(("first", "is_considered"), [("2026-08-24", False), ("2026-08-25", True), ("2026-12-01", True),
                                                      ("2026-12-02", False)])  # fmt: skip
def test_only_a_line_that_began_about_when_the_other_fell_silent_is_considered(first: str, is_considered: bool) -> None:
    view = make_view(
        as_of=pd.Timestamp("2026-12-31").date(), lines=[OLD, NEW | {"first_seen_on": first}], line_people=SHARED
    )
    homes = make_homes(view)
    found = suggest_rebrands(view, trace_lines(view, homes), homes.policy)
    assert bool(len(found.considered)) is is_considered


def test_row_order_changes_no_suggestion() -> None:
    one, other = suggest(OLD, NEW), suggest(NEW, OLD, people=SHARED[::-1])
    pd.testing.assert_frame_equal(one.table, other.table)
    assert one.explain("1", "2") == other.explain("1", "2") and "suggested from 3.00" in one.explain("1", "2")
    assert one.explain("2", "1") == "The days do not allow it, or nothing speaks for it."


@pytest.mark.parametrize("verdict", ["SAME", "NOT_SAME"])
def test_a_pair_that_somebody_judged_is_settled_and_not_suggested_again(verdict: str) -> None:
    judged = {"kind": "line", "details": '{"line_a": "1", "line_b": "2"}', "outcome": verdict, "valid_until": None,
              "decided_on": pd.Timestamp("2026-11-10")}  # fmt: skip
    view = make_view(lines=[OLD, NEW], line_people=SHARED)
    nobody = pd.DataFrame({"source_system": [], "source_ref": []})
    view = replace(view, judgements=stand([judged], nobody, as_of=view.as_of))
    homes = make_homes(view)
    found = suggest_rebrands(view, trace_lines(view, homes), homes.policy)
    assert found.table.empty and found.considered["is_suggested"].tolist() == ["N"]
    assert found.settled[["brand_a", "brand_b", "verdict"]].to_numpy().tolist() == [["B1", "B2", verdict]]
    assert "+2.00" in found.explain("1", "2")  # the signs stay


def test_of_no_lines_nothing_is_suggested_and_every_table_has_its_columns() -> None:
    found = suggest(people=[])
    assert found.table.empty and found.signs.empty and found.considered["counts"].dtype == "float64"
