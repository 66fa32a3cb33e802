"""Which feeds a page speaks of: those its meeting uses, and every file that could not be read."""

from types import SimpleNamespace

import pandas as pd

from csp_toolkit.records.feeds import read_feeds
from csp_toolkit.sharing.meeting import read_meeting
from csp_toolkit.sharing.papers.sources import account_for_rows, count_asked, describe_coverage, say_quality

STATES = {"police_crimes": "arrived", "housing_asb": "stale", "ed_istv": "held", "ambulance": "no mapping yet"}
COVERAGE = pd.DataFrame({"feed": list(STATES), "agency": "x", "state": list(STATES.values())}).assign(
    age_days=1, received_on=pd.NaT, used_received_on=pd.NaT, newest_on=pd.NaT, note=""
)
VIEW = SimpleNamespace(coverage=COVERAGE)


def test_a_page_speaks_of_the_feeds_its_meeting_uses_and_of_files_nobody_could_read() -> None:
    table = describe_coverage(VIEW, {"police_crimes": "Crime"}, ("police_*", "housing_*"))  # type: ignore[arg-type]
    assert table[["feed", "title"]].to_numpy().tolist() == [
        ["police_crimes", "Crime"], ["ambulance", "ambulance"], ["housing_asb", "housing asb"],
    ]  # fmt: skip


def test_a_meeting_that_names_no_feeds_speaks_of_all() -> None:
    assert len(describe_coverage(VIEW, {})) == len(STATES)  # type: ignore[arg-type]


def test_the_monthly_meeting_uses_what_scores_and_nothing_anonymous_or_by_consent() -> None:
    used = read_meeting("gangs_intelligence").feeds
    every = pd.DataFrame({"feed": sorted(read_feeds())}).assign(
        agency="x", state="arrived", age_days=1, received_on=pd.NaT, used_received_on=pd.NaT, newest_on=pd.NaT, note=""
    )
    chosen = set(describe_coverage(SimpleNamespace(coverage=every), {}, used)["feed"])  # type: ignore[arg-type]
    assert {"police_crimes", "csp_reviews", "csp_cases", "prison_status", "childrens_services"} <= chosen
    assert not chosen & {"ed_istv", "drug_service", "education_attendance", "csp_delivery_plan"}
    assert len(chosen) < len(every)


def some_quality(most: int = 8) -> SimpleNamespace:
    found = pd.DataFrame({
        "feed": ["drug_service", "police_crimes", "ambulance", "lifeboat", "police_intel"],
        "title": ["Drugs", "Crime", "ambulance", "lifeboat", "Reports"], "agency": "x",
        "kind": ["held", "fewer rows", "not read", "not read", "rejected"],
        "matters": [9.0, 7.0, 6.0, 6.0, 1.0], "sentence": ["Drugs: a.", "Crime: b.", "c.", "d.", "Reports: e."],
    })  # fmt: skip
    table = pd.DataFrame({"feed": [*found["feed"], "police_groups"], "n_findings": [1, 1, 1, 1, 1, 0]})
    return SimpleNamespace(findings=found, table=table, policy=SimpleNamespace(most_in_briefing=most))


def test_a_page_says_what_matters_most_of_the_feeds_its_meeting_uses() -> None:
    said = say_quality(some_quality(), ("police_*",))  # type: ignore[arg-type]
    assert said["n"].tolist() == [1, 2, 3]
    assert said["kind"].tolist() == ["fewer rows", "not read", "rejected"]
    assert "2 feeds came and were not read" in said.loc[1, "sentence"]
    assert "drug_service" not in set(said["feed"])
    assert len(say_quality(some_quality(most=2), ("police_*",))) == 2  # type: ignore[arg-type]
    assert count_asked(some_quality(), ("police_*",)) == (2, 3)  # type: ignore[arg-type]


def test_the_account_names_and_dates_every_feed_that_came() -> None:
    day = pd.Timestamp("2026-11-20")
    came = COVERAGE.head(2).assign(
        rows_in=[10, 5], accepted=[8, 5], repaired=[1, 0], rejected=[1, 0], withdrawn=0, used_received_on=day
    )
    accounts = account_for_rows(SimpleNamespace(coverage=came), {"police_crimes": "Crime"})  # type: ignore[arg-type]
    assert accounts[["feed", "title"]].to_numpy().tolist() == [
        ["housing_asb", "housing asb"],
        ["police_crimes", "Crime"],
    ]
    assert accounts["received_on"].eq(day).all()
