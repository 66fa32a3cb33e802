"""Which feeds a page speaks of: those its meeting uses, and every file that could not be read."""

from types import SimpleNamespace

import pandas as pd

from csp_toolkit.records.feeds import read_feeds
from csp_toolkit.sharing.meeting import read_meeting
from csp_toolkit.sharing.papers_sources import describe_coverage

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
