"""Each trigger rests on a record; being found with a knife is no stabbing, and what is old news is not new."""

from datetime import date

import pandas as pd
import pytest

from csp_toolkit.cases.triggers import TRIGGERS, find_triggers
from tests.cases.small_cases import AS_OF, POLICY
from tests.scoring.small_views import record, small_view


def crime(ho_code: str, offence: str = "Wounding", on: str = "2026-11-20", **flags: str) -> dict:
    return {"crime_ref": "K1", "from_on": on, "ho_code": ho_code, "offence": offence, **flags}


def found(**rows: list[dict]) -> pd.DataFrame:
    return find_triggers(small_view(**rows), POLICY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ho_code", "flags", "is_trigger"),
    [("5D/1", {}, True), ("8N/1", {}, False), ("8N/1", {"has_knife": "Y"}, True), ("10D/1", {"has_knife": "Y"}, False),
     ("34B/1", {"has_firearm": "Y"}, True), ("8N/1", {"has_knife": "U"}, False)],
)  # fmt: skip
def test_a_stabbing_is_a_wounding_and_carrying_a_knife_is_not(ho_code: str, flags: dict, is_trigger: bool) -> None:
    suspect = {"crime_ref": "K1", "person_ref": "P", "status": "SUSPECT"}
    rows = found(crimes=[crime(ho_code, **flags)], crime_suspects=[suspect])
    assert rows["trigger"].eq("VIOLENCE").any() == is_trigger


def test_victim_and_suspect_are_two_different_words() -> None:
    rows = found(crimes=[crime("5D/1")], crime_victims=[{"crime_ref": "K1", "person_ref": "P"}])
    assert rows["words"].tolist() == ["recorded as victim of wounding"]
    assert rows["source"].tolist() == ["crime_victims"]


@pytest.mark.parametrize(("found_at", "says"), [
    ("2026-11-21 09:00", None), ("2026-11-21 09:40", "missing 25 hours, found in Newham"),
    (None, "missing 135 hours, not recorded as found"),
])  # fmt: skip
def test_missing_for_more_than_24_hours_counts_and_so_does_who_is_not_found(
    found_at: str | None, says: str | None
) -> None:
    episode = {"missing_ref": "MP1", "person_id": "P", "last_seen_at": "2026-11-20 09:00",
               "reported_at": "2026-11-20 10:00", "found_at": found_at, "found_area": "Newham"}  # fmt: skip
    assert found(missing_episodes=[episode])["words"].tolist() == ([] if says is None else [says])


@pytest.mark.parametrize(("force", "offence", "is_trigger"), [
    ("Kent", "Being concerned in supply of a controlled drug - Class A", True),
    ("Essex", "Being concerned in supply of a controlled drug - Class A", False), ("Kent", "Affray", False),
])  # fmt: skip
def test_an_arrest_counts_where_it_is_away_and_about_drugs(force: str, offence: str, is_trigger: bool) -> None:
    row = {
        "custody_ref": "CU1",
        "person_ref": "P",
        "arrived_at": "2026-11-20 02:00",
        "force": force,
        "offence": offence,
    }
    assert len(found(custody=[row])) == is_trigger


def test_each_other_trigger_rests_on_its_record() -> None:
    rows = found(
        child_records=[{"source_ref": "M1", "nrm": "RG_POSITIVE", "nrm_on": "2026-11-20"}],
        prison_stays=[{"source_ref": "Z1", "released_on": "2026-11-20"},
                      {"source_ref": "Z2", "status": "RECALL", "received_on": "2026-11-20"}],
        line_cuckooed=[{"link_ref": "L1", "line_ref": "L", "person_ref": "P", "from_on": "2026-11-20"}],
        orders=[{"order_ref": "O1", "person_ref": "P", "made_on": "2026-01-01", "last_breach_on": "2026-11-20"}],
        groups=[{"group_ref": "G1", "group_name": "A"}, {"group_ref": "G2", "group_name": "B"}],
        group_relations=[{"group_ref": "G1", "other_group": "B", "relation": "CONFLICT", "status": "ACTIVE",
                          "since_on": "2026-11-20"}],
        group_members=[{"group_ref": "G2", "person_ref": "P", "confidence": "CONFIRMED"},
                       {"group_ref": "G1", "person_ref": "Q", "confidence": "POSSIBLE"}],
        person_records=[record("T1", address_from_on="2026-11-20")],
    )  # fmt: skip
    assert rows.groupby("trigger")["person_id"].agg(list).to_dict() == {
        "NRM": ["M1"], "RELEASE": ["Z1"], "RECALL": ["Z2"], "CUCKOOED": ["P"], "BREACH": ["P"],
        "GROUP_CONFLICT": ["P"], "MOVE": ["T1"],
    }  # fmt: skip
    assert set(rows["trigger"]) < set(TRIGGERS)


@pytest.mark.parametrize(("on", "n"), [("2026-08-27", 1), ("2026-08-26", 0)])
def test_what_is_older_than_the_window_raises_nothing(on: str, n: int) -> None:
    suspect = {"crime_ref": "K1", "person_ref": "P", "status": "SUSPECT"}
    assert len(found(crimes=[crime("5D/1", on=on)], crime_suspects=[suspect])) == n


def test_new_is_what_the_last_meeting_could_not_know_however_old_the_event() -> None:
    suspect = {"crime_ref": "K1", "person_ref": "P", "status": "SUSPECT"}
    rows = {"crimes": [crime("5D/1", on="2026-11-01")], "crime_suspects": [suspect]}
    now = small_view(**rows)  # type: ignore[arg-type]
    heard = small_view(as_of=date(2026, 11, 12), **rows)  # type: ignore[arg-type]
    unheard = small_view(as_of=date(2026, 11, 12))
    assert find_triggers(now, POLICY, last_view=heard)["is_new"].tolist() == [False]
    assert find_triggers(now, POLICY, last_view=unheard)["is_new"].tolist() == [True]
    assert now.as_of == AS_OF
