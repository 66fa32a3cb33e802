"""Flows count people by home as at the day; the unknown is a row, a share and a bound, never dropped (XB1 to XB3)."""

import os
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csp_toolkit.errors import TableError
from csp_toolkit.networks.borders.activity import EVENT_COLUMNS, Activity, list_activity
from csp_toolkit.networks.borders.flows import compare_flows, count_flows, say_inflow
from csp_toolkit.networks.borders.small_counts import bound_share, poisson_interval, say_share
from tests.networks.borders.test_areas import FIRST, LAST, MERGED, merge
from tests.networks.small_borders import FAR, HERE, NEAR, arrest, day, make_areas, make_homes, make_policy, registered
from tests.networks.small_views import crime, joined, make_view

WINDOW = (day(2025, 11, 27), day(2026, 11, 26))


def activity_of(*rows: tuple[str, str, str, str], areas: object = None, on: str = "2026-06-01") -> Activity:
    """Make an activity of (event, person, home, area)."""
    table = pd.DataFrame(rows, columns=["event_ref", "person_id", "home", "area"])
    table = table.assign(
        kind="crime", on=pd.Timestamp(on), home_source="", home_said_on=pd.NaT, shared_ref=table["event_ref"]
    )
    return Activity(table[list(EVENT_COLUMNS)], areas or make_areas(), make_policy(), *WINDOW)


def test_a_crime_stands_where_it_was_with_the_home_of_its_day() -> None:
    view = make_view(
        **joined(crime("1", "P", on="2026-03-01", area="Here"), crime("2", "P", on="2026-10-01", area="Near")),
        custody=[arrest("P", "2026-02-01", "Far"), arrest("P", "2026-09-01", "Here")],
    )
    table = list_activity(view, make_homes(view, activity=("crime",))).table
    assert table[["event_ref", "home", "area"]].to_numpy().tolist() == [["1", FAR, HERE], ["2", HERE, NEAR]]


def test_an_arrest_stands_where_the_crime_was_or_at_the_station_of_another_force_and_else_nowhere_known() -> None:
    view = make_view(
        **crime("1", on="2026-03-01", area="Here"),
        custody=[
            arrest("P", "2026-03-02", "Far", "1", station="Far"), arrest("Q", "2026-03-02", "Far", station="Near"),
            arrest("R", "2026-03-02", "Here", force="Theirs", station="Far"),
        ],
    )  # fmt: skip
    table = list_activity(view, make_homes(view, activity=("arrest",))).table
    assert dict(zip(table["person_id"], table["area"], strict=True)) == {"P": HERE, "Q": "UNK", "R": FAR}


def test_the_railway_stands_at_its_station_and_an_acquittal_stands_nowhere() -> None:
    view = make_view(
        **joined(crime("1", "P", on="2026-03-01", area="Here", court_result="ACQUITTED")),
        custody=[arrest("P", "2026-03-02", "Far", "1")],
        rail_incidents=[
            {"rail_ref": "R", "person_id": "P", "happened_at": "2026-03-03 08:00", "station": "far central"}
        ],
    )
    table = list_activity(view, make_homes(view)).table
    assert table[["kind", "area"]].to_numpy().tolist() == [["rail", FAR]]


def test_the_window_holds_its_first_and_its_last_day() -> None:
    events = [crime(str(n), "P", on=on, area="Here") for n, on in enumerate(["2025-11-26", "2025-11-27", "2026-11-26"])]
    view = make_view(**joined(*events))
    assert list_activity(view, make_homes(view)).table["event_ref"].tolist() == ["1", "2"]


def test_people_are_counted_once_a_home_and_area_and_the_reasons_are_those_people() -> None:
    rows = [("1", "P", FAR, HERE), ("2", "P", FAR, HERE), ("3", "Q", FAR, HERE)]
    rows += [("4", "P", HERE, HERE), ("5", "R", "UNK", HERE), ("6", "S", "NFA", "UNK")]
    flows = count_flows(activity_of(*rows))
    assert flows.table.set_index(["home", "area"])["n_people"].to_dict() == {
        (FAR, HERE): 2, (HERE, HERE): 1, ("NFA", "UNK"): 1, ("UNK", HERE): 1,
    }  # fmt: skip
    assert flows.n_movers == 1 and flows.matrix.loc[FAR, HERE] == 2 and flows.matrix.loc["UNK", "UNK"] == 0
    people = flows.reasons.groupby(["home", "area"])["person_id"].nunique()
    assert people.to_dict() == flows.table.set_index(["home", "area"])["n_people"].to_dict()
    assert flows.explain(FAR, HERE).startswith("2 with home Far as at the day recorded in Here, in 3 events")


def test_in_and_out_flow_by_hand() -> None:
    rows = [("1", "A", HERE, HERE), ("2", "B", HERE, HERE), ("3", "C", FAR, HERE), ("4", "D", "UNK", HERE)]
    rows += [("5", "E", "NFA", HERE), ("6", "B", HERE, NEAR), ("7", "F", HERE, "UNK"), ("8", "G", FAR, NEAR)]
    flows = count_flows(activity_of(*rows))
    numbers = ["n_part", "n_known", "n_nfa", "n_unknown", "n_all"]
    assert flows.inflow[numbers].tolist() == [1, 3, 1, 1, 5]  # C of A, B, C; E stands apart; D is not known
    assert flows.inflow[["share_least", "share_most"]].tolist() == [1 / 4, 2 / 4]
    assert flows.outflow[numbers].tolist() == [1, 2, 0, 1, 3]  # B of A and B; F's place is not known
    assert say_inflow(flows, 20) == (
        "Of those recorded in Here whose home on the day is known, 1 of 3 lived elsewhere. Of 1 more it is not known."
    )


def test_a_share_is_never_said_without_what_is_not_known() -> None:
    share = {"n_part": 10, "n_known": 40, "n_unknown": 10, "share": 0.25, "share_low": 0.14, "share_high": 0.40,
             "share_unknown": 0.2, "share_least": 0.2, "share_most": 0.4}  # fmt: skip
    said = say_share(share, "came", 20)
    assert "25%" in said and "20% of all" in said and "between 20% and 40%" in said
    assert say_share(share | {"n_known": 0, "n_part": 0}, "came", 20) == "none is known (10 not known): not assessed."


def test_months_part_the_window_and_say_which_are_cut() -> None:
    rows = count_flows(activity_of(("1", "C", FAR, HERE))).months
    assert len(rows) == 13 and rows["is_whole"].tolist() == ["N", *["Y"] * 11, "N"]
    assert rows.set_index("month_on")["n_part"].to_dict()[day(2026, 6, 1)] == 1 == rows["n_part"].sum()


def test_wilson_and_garwood_give_the_published_ends() -> None:
    # Newcombe 1998 (doi:10.1002/(SICI)1097-0258(19980430)17:8<857), table I, method 3: 81/263, 15/148, 0/20, 1/29.
    published = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    found = {case: bound_share(*case, 0) for case in published}
    ends = {case: (round(one["share_low"], 4), round(one["share_high"], 4)) for case, one in found.items()}
    assert ends == published
    # Garwood 1936: the exact interval of a count of 10 is 4.795 to 18.390.
    assert poisson_interval(10) == pytest.approx((4.795, 18.390), abs=0.001)


SAMPLE = settings(max_examples=2_000 if os.environ.get("CSP_PROVE") == "1" else 25)
HOMES = st.sampled_from([HERE, NEAR, FAR, "UNK", "NFA", "OUT"])
EVENTS = st.lists(
    st.tuples(st.sampled_from("ABCDE"), HOMES, HOMES.filter(lambda h: h != "NFA")), min_size=1, max_size=12
)


@given(EVENTS)
@SAMPLE
def test_somebody_of_unknown_home_moves_no_known_flow_and_raises_the_unknown_share(rows: list) -> None:
    events = [(str(n), *row) for n, row in enumerate(rows)]
    before, after = (count_flows(activity_of(*e)) for e in (events, [*events, ("x", "new", "UNK", HERE)]))
    known = before.table[before.table["home"] != "UNK"].reset_index(drop=True)
    pd.testing.assert_frame_equal(known, after.table[after.table["home"] != "UNK"].reset_index(drop=True))
    same = ["n_part", "n_known", "n_nfa"]
    assert before.inflow[same].tolist() == after.inflow[same].tolist()
    assert after.inflow["n_unknown"] == before.inflow["n_unknown"] + 1
    n = before.inflow["n_unknown"], before.inflow["n_known"]
    if sum(n) and n[1]:
        assert after.inflow["share_unknown"] > before.inflow["share_unknown"]


@given(EVENTS)
@SAMPLE
def test_relabelling_areas_permutes_the_flows(rows: list) -> None:
    swap = {NEAR: FAR, FAR: NEAR}
    events = [(str(n), *row) for n, row in enumerate(rows)]
    plain = count_flows(activity_of(*events))
    swapped = count_flows(activity_of(*[(e, p, swap.get(h, h), swap.get(a, a)) for e, p, h, a in events]))
    counts = plain.table.set_index(["home", "area"])["n_people"].to_dict()
    assert swapped.table.set_index(["home", "area"])["n_people"].to_dict() == {
        (swap.get(h, h), swap.get(a, a)): n for (h, a), n in counts.items()
    }
    assert plain.inflow["n_part"] == swapped.inflow["n_part"] and plain.outflow["n_part"] == swapped.outflow["n_part"]


@given(EVENTS)
@SAMPLE
def test_it_agrees_with_a_count_by_sets(rows: list) -> None:
    flows = count_flows(activity_of(*[(str(n), *row) for n, row in enumerate(rows)]))
    there = {(p, h) for p, h, a in rows if a == HERE}
    homes = {p: {h for q, h in there if q == p} for p, _ in there}
    elsewhere = {p for p, of in homes.items() if of & {NEAR, FAR, "OUT"}}
    unknown = {p for p, of in homes.items() if of == {"UNK"}}
    nfa = {p for p, of in homes.items() if "NFA" in of and not of & {HERE, NEAR, FAR, "OUT"}}
    assert flows.inflow["n_part"] == len(elsewhere) and flows.inflow["n_nfa"] == len(nfa)
    assert flows.inflow["n_unknown"] == len(unknown) and flows.inflow["n_known"] == len(homes) - len(unknown) - len(nfa)


def test_flows_before_and_after_a_merger_stand_as_recorded_and_are_bridged_only_when_asked() -> None:
    areas = merge()
    early = [
        arrest("P", "2028-02-01", "Near", "1"),
        arrest("Q", "2028-02-01", "Far", "1"),
        arrest("R", "2028-02-01", "Here", "1"),
    ]
    late = [arrest("P", "2028-05-01", "Near", "2"), arrest("Q", "2028-05-01", "Far", "2")]
    crimes = joined(crime("1", on="2028-02-01", area="Here"), crime("2", on="2028-05-01", area="Here"))
    view = make_view(as_of=FIRST.replace(month=6), **crimes, custody=[*early, *late])
    whole = list_activity(view, make_homes(view, areas, activity=("arrest",)))
    before = count_flows(whole.between(pd.Timestamp("2028-01-01"), pd.Timestamp(LAST)))
    after = count_flows(whole.between(pd.Timestamp(FIRST), pd.Timestamp("2028-06-01")))
    assert set(before.table["home"]) == {HERE, NEAR, FAR} and set(after.table["home"]) == {MERGED, FAR}
    with pytest.raises(TableError, match="is_bridged=True"):
        compare_flows(before, after)
    both = compare_flows(before, after, is_bridged=True).set_index(["home", "area"])
    # P and R are two people of one area now; their two cells add up to two people, not to three counts.
    assert both.loc[(MERGED, MERGED)].tolist() == [2, 1] and both.loc[(FAR, MERGED)].tolist() == [1, 1]


def test_nobody_moves_when_councils_merge() -> None:
    areas = merge()
    said_before = [arrest("P", "2028-02-01", "Near"), arrest("Q", "2028-02-01", "Far")]
    crimes = joined(crime("1", "P", "Q", on="2028-05-01", area="Here"))
    view = make_view(as_of=FIRST.replace(month=6), **crimes, custody=said_before)
    flows = count_flows(list_activity(view, make_homes(view, areas, activity=("crime",))))
    assert flows.table[["home", "area", "n_people"]].to_numpy().tolist() == [[FAR, MERGED, 1], [MERGED, MERGED, 1]]
    assert flows.inflow["n_part"] == 1


def test_a_person_of_two_merged_areas_is_one_person_after_bridging() -> None:
    areas = merge()
    before = count_flows(activity_of(("1", "P", HERE, HERE), ("2", "P", NEAR, HERE), areas=areas))
    before = replace(before, until=pd.Timestamp(LAST))
    after = replace(count_flows(activity_of(("3", "P", MERGED, MERGED), areas=areas)), until=pd.Timestamp("2028-06-01"))
    assert compare_flows(before, after, is_bridged=True)[["n_before", "n_after"]].to_numpy().tolist() == [[1, 1]]


def test_without_a_change_of_areas_nothing_need_be_bridged() -> None:
    flows = count_flows(activity_of(("1", "P", FAR, HERE)))
    assert compare_flows(flows, flows)["n_before"].tolist() == [1]


def test_the_register_alone_of_today_is_not_the_home_of_last_spring() -> None:
    view = make_view(
        **crime("1", "P", on="2026-03-01", area="Here"), person_records=[registered("P", "Far", "2026-11-01")]
    )
    assert count_flows(list_activity(view, make_homes(view))).inflow["n_unknown"] == 1
