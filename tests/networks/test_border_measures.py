"""Links, gravity, journeys, missing, handovers and co-arrests, each worked out a second way (XB4, XB7 to XB11)."""

import numpy as np
import pandas as pd
import pytest

from csp_toolkit.networks.borders.activity import list_activity
from csp_toolkit.networks.borders.areas import Area
from csp_toolkit.networks.borders.co_arrests import list_co_arrests
from csp_toolkit.networks.borders.district_links import link_districts
from csp_toolkit.networks.borders.flows import count_flows
from csp_toolkit.networks.borders.found_elsewhere import find_elsewhere
from csp_toolkit.networks.borders.gravity import fit_gravity, fit_poisson
from csp_toolkit.networks.borders.handovers import follow_handovers
from csp_toolkit.networks.borders.journeys import measure_journeys
from tests.networks.borders.test_flows import activity_of
from tests.networks.small_borders import FAR, HERE, NEAR, OURS, arrest, make_areas, make_homes, make_policy
from tests.networks.small_views import crime, joined, make_view


def test_districts_are_linked_by_people_and_lines_in_both_and_by_ties_between_their_people() -> None:
    activity = activity_of(
        ("1", "P", FAR, HERE), ("2", "P", FAR, NEAR), ("3", "Q", HERE, "UNK"), ("4", "R", "NFA", HERE)
    )
    lines = pd.DataFrame({"line_ref": ["L", "L", "M"], "area": [FAR, HERE, HERE]})
    ties = pd.DataFrame({"person_a": ["P", "P"], "person_b": ["Q", "R"]})
    table, reasons = link_districts(activity, lines, ties, pd.Series({"P": FAR, "Q": HERE, "R": "NFA"}))
    counts = table.set_index(["area_a", "area_b"])[["n_people", "n_lines", "n_ties", "n_both"]]
    assert counts.loc[(HERE, FAR)].tolist() == [1, 1, 1, 2]
    assert counts.loc[(HERE, NEAR)].tolist() == counts.loc[(NEAR, FAR)].tolist() == [1, 0, 0, 1]
    assert set(table["n_vehicles"]) == {"not assessed"}
    by_kind = reasons.groupby(["area_a", "area_b", "kind"]).size()
    assert by_kind[(HERE, FAR)].sum() == counts.loc[(HERE, FAR), ["n_people", "n_lines", "n_ties"]].sum()


def test_poisson_regression_gives_back_the_slopes_it_was_made_with_and_adds_up() -> None:
    rng = np.random.default_rng(3)
    design = np.column_stack([np.ones(400), rng.normal(size=400), rng.normal(size=400)])
    counts = rng.poisson(np.exp(design @ np.array([1.0, 0.5, -0.8]))).astype(float)
    means, slopes = fit_poisson(design, counts)
    assert slopes == pytest.approx([1.0, 0.5, -0.8], abs=0.1) and means.sum() == pytest.approx(counts.sum())
    assert design.T @ (counts - means) == pytest.approx(np.zeros(3), abs=1e-6)  # the likelihood's own equations


def test_it_agrees_with_another_implementation_of_the_same_model() -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    rng = np.random.default_rng(4)
    design = rng.normal(size=(60, 2))
    counts = rng.poisson(np.exp(0.3 + design @ np.array([0.6, -0.4])))
    theirs = linear_model.PoissonRegressor(alpha=0, tol=1e-10, max_iter=10_000).fit(design, counts)
    _, ours = fit_poisson(np.column_stack([np.ones(60), design]), counts.astype(float))
    assert ours == pytest.approx([theirs.intercept_, *theirs.coef_], abs=1e-5)


def ring(n: int) -> list[Area]:
    """Make n areas of three sizes at growing distances to the north."""
    return [Area(code=f"E01{k:06}", name=f"A{k}", kind="district", force=OURS, population=50_000 * (1 + k % 3),
                 latitude=51.6 + 0.05 * k, longitude=0.5) for k in range(n)]  # fmt: skip


def test_a_link_stronger_than_size_and_distance_stands_out_and_a_small_one_is_not_read() -> None:
    areas = make_areas(*ring(20))
    model = {a.code: a.population / 3_000 / areas.measure_km(a.code, HERE) for a in ring(20)}
    counts = {code: round(n) for code, n in model.items()} | {"E01000016": 30}
    rows = [(f"{code}{k}", f"{code}-{k}", code, HERE) for code, n in counts.items() for k in range(n)]
    rows += [("u", "u", "UNK", HERE)]
    gravity = fit_gravity(count_flows(activity_of(*rows, areas=areas)), areas, make_policy())
    inward = gravity.table[gravity.table["direction"] == "in"].set_index("area")
    assert inward.index[inward["reading"] == "more than expected"].tolist() == ["E01000016"]
    assert set(inward.loc[inward["n_people"] < 5, "reading"]) == {"too few"}
    assert inward["n_people"].sum() == sum(counts.values()) == pytest.approx(inward["expected"].sum())
    assert gravity.exponents.set_index("direction").loc["in", "dispersion"] > 1


def test_a_residual_that_the_scatter_of_the_whole_model_could_explain_is_not_read_as_a_link() -> None:
    areas = make_areas(*ring(8))
    counts = {f"E01{k:06}": n for k, n in enumerate([12, 1, 14, 3, 2, 2, 30, 1])}
    rows = [(f"{code}{k}", f"{code}-{k}", code, HERE) for code, n in counts.items() for k in range(n)]
    gravity = fit_gravity(count_flows(activity_of(*rows, areas=areas)), areas, make_policy())
    inward = gravity.table[gravity.table["direction"] == "in"].set_index("area")
    assert inward.loc["E01000006", "ratio_low"] > 1
    assert inward.loc["E01000006", "reading"] == "within the scatter of the model"


def test_of_too_few_areas_with_anybody_nothing_is_fitted() -> None:
    gravity = fit_gravity(count_flows(activity_of(("1", "P", FAR, HERE))), make_areas(), make_policy())
    assert set(gravity.table["reading"]) == {"not assessed"} and gravity.table["expected"].isna().all()


def test_journeys_have_their_median_from_enough_of_them_and_the_rest_are_counted() -> None:
    rows = [(f"{n}", f"P{n}", NEAR, HERE) for n in range(3)] + [(f"f{n}", f"F{n}", FAR, HERE) for n in range(2)]
    rows += [("w", "W", HERE, HERE), ("u", "U", "UNK", HERE)]
    activity = activity_of(*rows)
    table = measure_journeys(activity).set_index("of")
    km = [activity.areas.measure_km(code, HERE) for code in (NEAR, NEAR, NEAR, FAR, FAR)]
    every = table.loc["all across a border"]
    assert every["median_km"] == pytest.approx(np.median(km), abs=0.05)
    assert every["quarter_high_km"] == pytest.approx(np.quantile(km, 0.75), abs=0.05)
    assert table.loc["one railway line joins the two", "n_journeys"] == 3
    assert table.loc["one railway line joins the two", "reading"] == "too few for a median (from 5 on)"
    assert table["n_journeys"].tolist() == [5, 3, 2, 1, 1]


def test_a_missing_episode_counts_where_it_ended_and_an_open_one_nowhere() -> None:
    episode = {"reported_at": "2026-06-01 10:00", "found_at": "2026-06-02 10:00", "had_interview": "N"}
    child = episode | {"dob": "2010-01-01"}
    rows = [
        child | {"missing_ref": "1", "found_area": "Here", "person_id": "A"},
        child | {"missing_ref": "2", "found_area": "Far", "person_id": "A", "had_interview": "Y"},
        episode | {"missing_ref": "3", "found_area": "Near", "dob": "1980-01-01", "person_id": "B"},
        episode | {"missing_ref": "4", "found_area": "UNK", "person_id": "C"},
        episode | {"missing_ref": "5", "found_at": None, "found_area": None, "person_id": "D"},
        episode | {"missing_ref": "6", "reported_at": "2024-06-01 10:00", "found_area": "Far", "person_id": "E"},
    ]  # fmt: skip
    view = make_view(missing_episodes=rows)
    found = find_elsewhere(view, list_activity(view, make_homes(view)))
    assert found.table.set_index("area")["n_episodes"].to_dict() == {HERE: 1, NEAR: 1, FAR: 1, "UNK": 1}
    assert found.table.set_index("area")["n_no_interview"].to_dict() == {HERE: 1, NEAR: 0, FAR: 0, "UNK": 0}
    shares = found.shares.set_index("of")
    assert shares.loc["outside the district", ["n_part", "n_known", "n_unknown"]].tolist() == [2, 3, 1]
    assert shares.loc["outside the force's area", "n_part"] == 1 and found.n_not_found == 1


def handover(
    ref: str, status: str, on: str, done: str | None = None, outcome: str | None = None, case: str = "C"
) -> dict:
    """Return an agreed action under the menu's code for a handover."""
    return {"action_ref": ref, "case_ref": case, "intervention_code": "D28", "status": status, "set_on": on,
            "completed_on": done, "outcome": outcome}  # fmt: skip


def test_a_handover_has_its_days_and_three_states_of_acknowledgement() -> None:
    actions = [
        handover("1", "COMPLETE", "2026-06-01", "2026-06-11", "ACHIEVED"),
        handover("2", "COMPLETE_LATE", "2026-06-01", "2026-06-16", "NO_EFFECT"),
        handover("3", "COMPLETE", "2026-06-01", "2026-06-15", "UNKNOWN"), handover("4", "OPEN", "2026-11-16"),
        handover("5", "NOT_DONE", "2026-06-01"), handover("6", "COMPLETE", "2024-06-01", "2024-06-02", "ACHIEVED"),
        handover("7", "OPEN", "2026-11-16") | {"intervention_code": "D27"},
    ]  # fmt: skip
    view = make_view(
        actions=actions, cases=[{"case_ref": "C", "person_id": "P"}], custody=[arrest("P", "2026-05-20", "Far")]
    )
    homes = make_homes(view)
    found = follow_handovers(view, homes, list_activity(view, homes))
    table = found.table.set_index("action_ref")
    assert table.index.tolist() == ["1", "2", "3", "5", "4"]
    assert table["days_to_send"].fillna(-1).tolist() == [10, 15, 14, -1, 10]
    assert table["is_late"].tolist() == ["N", "Y", "N", "N", "N"]
    assert table["acknowledged"].tolist() == ["acknowledged", "not acknowledged", "not known", "", ""]
    assert set(table["days_to_acknowledge"]) == {"not assessed"} and table.loc["1", "area"] == FAR
    summed = found.summary.set_index("area").loc[FAR]
    assert summed[["n_agreed", "n_sent", "n_open", "n_acknowledged", "n_not_acknowledged", "n_not_known"]].tolist() == [
        5,
        3,
        1,
        1,
        1,
        1,
    ]
    assert summed["median_days_to_send"] == 14


def test_an_arrest_here_of_somebody_from_elsewhere_wants_a_handover_until_one_is_agreed() -> None:
    crimes = crime("1", on="2026-11-01", area="Here")
    detained = [
        arrest("P", "2026-11-01", "Far", "1"),
        arrest("Q", "2026-11-01", "Here", "1"),
        arrest("R", "2026-11-01", "UNK", "1"),
    ]
    released = [{"source_ref": "X", "person_id": "S", "released_on": "2026-11-10", "release_area": "Near"}]
    cases = [{"case_ref": "C", "person_id": "P"}]
    for action, wanted in (
        ([], ["S", "P"]),
        ([handover("1", "OPEN", "2026-10-31")], ["S", "P"]),
        ([handover("1", "OPEN", "2026-11-01")], ["S"]),
    ):
        view = make_view(**crimes, custody=detained, prison_stays=released, cases=cases, actions=action)
        homes = make_homes(view)
        found = follow_handovers(view, homes, list_activity(view, homes))
        assert found.wanting["person_id"].tolist() == wanted, action
    assert found.wanting[["area", "days_since", "is_late"]].to_numpy().tolist() == [[NEAR, 16, "Y"]]


def test_pairs_of_one_crime_from_two_areas_are_listed_and_those_of_no_known_home_are_counted() -> None:
    view = make_view(
        **joined(
            crime("1", "P", "Q", "R", "S", on="2026-03-02", area="Here"),
            crime("2", "P", "Q", on="2026-05-02", area="Far"),
        ),
        custody=[arrest("P", "2026-03-01", "Far"), arrest("Q", "2026-03-01", "Here"), arrest("S", "2026-03-01", "Far")],
    )
    table, n_not_placed = list_co_arrests(list_activity(view, make_homes(view)))
    assert table[["person_a", "person_b", "n_events"]].to_numpy().tolist() == [["P", "Q", 2], ["Q", "S", 1]]
    assert n_not_placed == 3  # R with each of the others
    assert list_co_arrests(list_activity(view, make_homes(view)), frozenset({"Q"}))[0].empty
    assert list_co_arrests(list_activity(view, make_homes(view)), largest=3)[0]["n_events"].tolist() == [1]
