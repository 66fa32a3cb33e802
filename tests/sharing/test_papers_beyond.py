"""Beyond the list: groups, lines and addresses in counts; who is raised for safeguarding, apart."""

from datetime import date

import pandas as pd

from csp_toolkit.sharing.papers.groups import finding_groups, list_groups_and_lines
from csp_toolkit.sharing.papers.raised import count_raised, raise_people


class View(dict):  # type: ignore[type-arg]
    as_of = date(2026, 11, 26)


def view() -> View:
    day = pd.Timestamp("2026-11-10")
    return View(
        groups=pd.DataFrame({"group_ref": ["G1", "G2", "G3"], "group_name": ["Tallow End", "Brasswick Crew", "Gone"],
                             "kind": "LOCAL_GROUP", "status": ["ACTIVE", "ACTIVE", "DISBANDED"]}),
        group_members=pd.DataFrame({
            "group_ref": ["G1", "G1", "G1", "G2"], "person_id": list("ABCD"), "to_on": [pd.NaT, pd.NaT, day, pd.NaT],
            "confidence": ["CONFIRMED", "POSSIBLE", "CONFIRMED", "PROBABLE"],
        }),
        group_relations=pd.DataFrame({"group_ref": ["G2"], "other_group": ["Tallow End"], "relation": ["CONFLICT"],
                                      "status": ["ACTIVE"], "since_on": [pd.Timestamp("2025-02-10")]}),
        lines=pd.DataFrame({"line_ref": ["L1", "L2"], "status": ["ACTIVE", "CLOSED"], "home_area": ["Hackney", None],
                            "controlling_group": [None, None], "last_active_on": [day, day], "handling": ["P", "P"]}),
        line_people=pd.DataFrame({"line_ref": ["L1", "L1", "L1"], "person_id": ["A", "A", "B"],
                                  "to_on": [pd.NaT, pd.NaT, day]}),
        line_addresses=pd.DataFrame({"line_ref": ["L1", "L1", "L2"], "uprn": ["1", "2", "2"],
                                     "state": ["CONFIRMED", "SUSPECTED", "CLEARED"],
                                     "from_on": pd.to_datetime(["2026-11-20", "2026-01-01", "2026-06-01"])}),
    )  # fmt: skip


def test_groups_count_who_is_in_them_now_and_say_conflict_from_both_sides() -> None:
    table = list_groups_and_lines(view(), listed=["A"], since=date(2026, 10, 29))["groups_now"]  # type: ignore[arg-type]
    assert table[["group_name", "n_people", "n_confirmed", "n_listed"]].values.tolist() == [
        ["Tallow End", 2, 1, 1], ["Brasswick Crew", 1, 0, 0],
    ]  # fmt: skip
    assert table["relations"].tolist() == [
        "in conflict with Brasswick Crew since 10 Feb 2025", "in conflict with Tallow End since 10 Feb 2025",
    ]  # fmt: skip


def test_lines_and_addresses_are_counted_and_no_address_is_named() -> None:
    found = list_groups_and_lines(view(), listed=[], since=date(2026, 10, 29))  # type: ignore[arg-type]
    assert found["lines_now"][["line_ref", "n_people", "n_addresses"]].values.tolist() == [["L1", 1, 2]]
    states = found["addresses_now"].set_index("state")
    assert states.loc["confirmed"].tolist() == [1, 1]
    assert states["n_addresses"].sum() == 2  # an address used twice is counted by its newest state
    assert not {"uprn", "person_id"} & {column for table in found.values() for column in table.columns}
    assert finding_groups(found) == (
        "Two groups are on record and one line is active; Tallow End and Brasswick Crew in open conflict. "
        "One address may be in use by a line, 1 of them new."
    )


def test_everyone_raised_takes_one_path_and_the_meeting_gets_counts_alone() -> None:
    people = pd.DataFrame({"person_id": ["A", "B", "C", "D", "E"], "reference": list("12345"),
                           "is_child": ["Y", "Y", "N", "N", "N"],
                           "harm_state": ["recorded", "none recorded", *["recorded"] * 3]})  # fmt: skip
    left_out = pd.DataFrame({"person_id": ["D"], "gate": ["g7"]})
    raised = raise_people(people, left_out, frozenset({"A", "C", "D"}))
    assert raised["person_id"].tolist().count("A") == 1 and set(raised["person_id"]) == {"A", "C", "D"}
    counts = count_raised(raised, pd.Series(["A"]))
    assert counts["n_people"].tolist() == [1, 1, 1] and counts["n_listed"].tolist() == [1, 0, 0]
    assert "person_id" not in counts
