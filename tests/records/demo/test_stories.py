"""Each planted story, told by the toolkit: from the demo's files through the casebook to scores, ties and harm."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pandas as pd
import pytest

from csp_toolkit.networks.policy import TiePolicy
from csp_toolkit.networks.ties import collect_ties
from csp_toolkit.params import read_named
from csp_toolkit.records.feeds import map_file, match_feeds, read_feeds
from csp_toolkit.records.synthetic import DELIVERIES, MEETINGS, demo_decisions, planted_stories, write_demo
from csp_toolkit.scoring.assessment import score
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.validation import validate
from csp_toolkit.tables.view import View

OCTOBER, NOVEMBER = MEETINGS
AT = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> Mapping[object, View]:
    folder = tmp_path_factory.mktemp("told")
    write_demo(folder)
    feeds, book = read_feeds(), Casebook.open(folder / "casebook.sqlite", create=True)
    for name, received_on in DELIVERIES.items():
        known = [(path, feed) for path in sorted((folder / name).iterdir()) for feed in match_feeds(path, feeds)]
        files = [validate(map_file(path, feed), received_on=received_on) for path, feed in known]
        book.load(files, received_on=received_on, actor="test", at=AT)
    book.decide(demo_decisions(), recorded_on=OCTOBER, actor="test", at=AT)
    found = {meeting: book.view(meeting) for meeting in MEETINGS}
    book.close()
    return found


@pytest.fixture(scope="module")
def scores(views: Mapping[object, View]) -> Mapping[object, Scores]:
    matrix = read_named("matrices", "csp_example_v1", Matrix)
    return {meeting: score(view, matrix) for meeting, view in views.items()}


def _id(view: View, person: str) -> str:
    ref = planted_stories().set_index("person").loc[person, "person_ref"]
    return view.person_keys.set_index("source_ref").loc[ref, "person_id"]


def _score(view: View, scores: Scores, person: str) -> pd.Series:
    return scores.table.set_index("person_id").loc[_id(view, person)]


def _gate(view: View, scores: Scores, person: str) -> str:
    out = scores.left_out.set_index("person_id")
    person_id = _id(view, person)
    assert person_id not in set(scores.table["person_id"])
    return str(out.loc[person_id, "gate"])


def test_about_thirty_people_are_ranked_in_each_month(scores: Mapping[object, Scores]) -> None:
    ranked = [int(s.table["block"].eq("ranked").sum()) for s in scores.values()]
    assert all(25 <= n <= 32 for n in ranked)


@pytest.mark.parametrize(
    ("person", "gate"),
    [
        ("removed", "g4"), ("overdue", "g4"), ("deceased", "g10"), ("victim_only", "g2"), ("child_13", "g5"),
        ("child_unauthorised", "g5"), ("exploited", "g7"), ("scoreless", "g6"), ("put_out", "g4"),
    ],
)  # fmt: skip
def test_who_may_not_be_scored_has_no_score_and_the_right_reason(
    views: Mapping[object, View], scores: Mapping[object, Scores], person: str, gate: str
) -> None:
    assert _gate(views[NOVEMBER], scores[NOVEMBER], person) == gate


@pytest.mark.parametrize(
    ("person", "october", "november"),
    [("first", "ranked", "ranked"), ("child_16", "under_18", "under_18"), ("returning", "custody", "returning")],
)
def test_people_stand_in_the_block_their_story_says(
    views: Mapping[object, View], scores: Mapping[object, Scores], person: str, october: str, november: str
) -> None:
    blocks = [_score(views[m], scores[m], person)["block"] for m in MEETINGS]
    assert blocks == [october, november]


@pytest.mark.parametrize(("person", "is_up"), [("mover", True), ("acquitted", False), ("withdrawn", False)])
def test_a_charge_raises_and_an_acquittal_or_a_withdrawal_lowers(
    views: Mapping[object, View], scores: Mapping[object, Scores], person: str, is_up: bool
) -> None:
    before, after = (_score(views[m], scores[m], person)["score"] for m in MEETINGS)
    assert (after - before > 50_000) if is_up else (before - after > 50_000)


def test_the_matrix_disagrees_with_the_police_list_in_both_directions(
    views: Mapping[object, View], scores: Mapping[object, Scores]
) -> None:
    view, found = views[NOVEMBER], scores[NOVEMBER]
    listed = set(view["police_list"].loc[view["police_list"]["meeting_on"].eq(pd.Timestamp(NOVEMBER)), "person_id"])
    assert _id(view, "unlisted") not in listed and _score(view, found, "unlisted")["rank"] <= 3
    assert _id(view, "listed_low") in listed and _score(view, found, "listed_low")["score"] < 50_000
    assert _id(view, "removed") in listed


def test_two_records_are_held_apart_until_the_police_merge_them(views: Mapping[object, View]) -> None:
    october, november = views[OCTOBER], views[NOVEMBER]
    pair = {_id(october, "merged"), _id(october, "merged_away")}
    together = october.possible_matches.groupby("match_id")["person_id"].agg(set)
    assert len(pair) == 2 and any(pair <= found for found in together)
    assert _id(november, "merged") == _id(november, "merged_away")


def test_namesakes_and_brothers_are_two_people_each(views: Mapping[object, View]) -> None:
    view = views[NOVEMBER]
    for one, other in (("namesake_listed", "namesake_other"), ("brother_a", "brother_b")):
        assert _id(view, one) != _id(view, other)


def test_seven_reports_of_two_origins_count_as_two(
    views: Mapping[object, View], scores: Mapping[object, Scores]
) -> None:
    view, ledger = views[NOVEMBER], scores[NOVEMBER].ledger
    mine = ledger[ledger["person_id"].eq(_id(view, "circular")) & ledger["criterion"].eq("G4")]
    assert mine["rule"].value_counts().to_dict()["same origin"] == 5
    assert mine["rule"].value_counts().to_dict()["counts"] == 2


def test_reports_on_a_cuckooed_man_give_him_no_points(
    views: Mapping[object, View], scores: Mapping[object, Scores]
) -> None:
    found = _score(views[NOVEMBER], scores[NOVEMBER], "cuckooed")
    assert found["intelligence"] == 0 and found["alleged"] > 0


def test_one_untested_report_joins_the_two_groups(views: Mapping[object, View]) -> None:
    view = views[NOVEMBER]
    ties = collect_ties(view, read_named("networks", "csp_example_v1", TiePolicy)).table
    pair = {_id(view, "bridge_a"), _id(view, "bridge_b")}
    found = ties[[{a, b} == pair for a, b in zip(ties["person_a"], ties["person_b"], strict=True)]]
    assert len(found) == 1 and found["p_exists"].iloc[0] <= 0.1

    groups = view["group_members"].drop_duplicates("person_id").set_index("person_id")["group_ref"]
    across = ties[ties["person_a"].map(groups).ne(ties["person_b"].map(groups))
                  & ties["person_a"].isin(groups.index) & ties["person_b"].isin(groups.index)]  # fmt: skip
    assert len(across) == 1


def test_the_prison_file_of_november_is_held_and_stops_are_stale(views: Mapping[object, View]) -> None:
    state = views[NOVEMBER].coverage.set_index("feed")["state"]
    assert state["prison_status"] == "held" and state["police_stop_search"] == "stale"


def test_everything_the_demo_says_is_known_to_be_invented(views: Mapping[object, View]) -> None:
    assert all(view.is_synthetic for view in views.values())
