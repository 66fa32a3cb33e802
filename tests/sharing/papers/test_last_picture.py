"""The picture of the meeting before: where it was kept, laid out again where it was not, and by this month's ids."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from csp_toolkit.networks.policy import read_tie_policy
from csp_toolkit.networks.ties import collect_ties
from csp_toolkit.sharing.last_meeting import LastMeeting
from csp_toolkit.sharing.papers.last_picture import keep_places, recall_places
from csp_toolkit.sharing.papers.network import draw_network
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.drawn_places import read_places
from tests.networks.small_views import joined, make_view, report

POLICY = read_tie_policy()
DAYS = (date(2026, 10, 29), date(2026, 11, 26), date(2026, 12, 17))
TIES = (
    ("AB", "BC", "CD", "DE"),
    ("AB", "BC", "CD", "DE", "EF", "FG", "AG"),
    ("AB", "BC", "DE", "EF", "FG", "AG", "GH"),
)
PEOPLE = "ABCDEFGH"


def view_of(n: int):
    day = DAYS[n]
    named = [report(f"R{pair}", "1A", *pair) for pair in TIES[n]]
    lists = [{"meeting_on": str(DAYS[n]), "place": 1, "person_ref": "A"}]
    view = make_view(as_of=day, **joined(*named, {"police_list": lists}))
    people = pd.DataFrame({"person_id": list(PEOPLE), "family_name": [f"Family {p}" for p in PEOPLE]})
    keys = pd.DataFrame({"person_id": list(PEOPLE), "source_system": "police", "source_ref": list(PEOPLE)})
    return replace(view, people=people.assign(given_name=None).astype("str"), person_keys=keys.astype("str"))


def scores_of(n: int):
    return SimpleNamespace(list_ranked=lambda: [p for p in PEOPLE[1:] if any(p in pair for pair in TIES[n])])


def meeting_of(n: int, book=None):
    last = LastMeeting("gangs_intelligence", view_of(n - 1) if n else None, book, None, 1)
    if n:
        vars(last).update(ties=collect_ties(last.view, POLICY), scores=scores_of(n - 1))
    return SimpleNamespace(name="gangs_intelligence", view=view_of(n), last=last)


def draw(n: int, before=None):
    view = view_of(n)
    people = view.people.assign(name=view.people["family_name"].str.upper(), harm_state="none recorded")
    no_measures = SimpleNamespace(table=pd.DataFrame({"person_id": [], "degree": [], "betweenness": []}))
    scored = scores_of(n).list_ranked()
    return draw_network(
        collect_ties(view, POLICY), no_measures, people, listed=["A"], scored=scored, before=before
    )  # fmt: skip


def recall(book, n: int):
    return recall_places(meeting_of(n, book))


def places(frame) -> dict:
    return {i: (x, y) for i, x, y in frame[["node_id", "x", "y"]].itertuples(index=False)}


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "book.sqlite"
    Casebook.open(path, create=True).close()
    return path


def test_a_first_meeting_has_none_before_it(book):
    assert recall(book, 0) is None


def test_a_picture_nobody_kept_is_laid_out_as_it_was_then(book):
    assert places(recall(book, 1)) == places(draw(0).nodes)


def test_who_stays_in_the_picture_stands_there_in_every_month_after(book):
    drawn = []
    for n in range(3):
        drawn.append(draw(n, recall(book, n)))
        keep_places(book, meeting_of(n), drawn[-1])
    october, november, december = (places(one.nodes) for one in drawn)
    assert set(october) & set(november) == set("ABCDE") and set(november) & set(december) >= set("ABDEFG")
    assert all(november[p] == october[p] for p in "ABCDE")
    assert all(december[p] == november[p] for p in "ABDEFG")
    # laid out anew from November's ties alone, they would stand elsewhere: that is why places are kept
    assert places(draw(1).nodes) != november


def test_a_meeting_run_again_gives_the_same_picture(book):
    first = draw(1, recall(book, 1))
    keep_places(book, meeting_of(1), first)
    pd.testing.assert_frame_equal(draw(1, recall(book, 1)).nodes, first.nodes)
    assert places(read_places(book, "gangs_intelligence", DAYS[1])) == places(first.nodes)


def test_somebody_whose_records_were_joined_since_stands_where_they_stood(book):
    meeting = meeting_of(1, book)
    now = meeting.view
    keys = now.person_keys.assign(person_id=now.person_keys["person_id"].replace({"B": "Z", "C": "Z"}))
    people = now.people.assign(person_id=now.people["person_id"].replace({"B": "Z"}))
    meeting.view = replace(now, person_keys=keys, people=people[people["person_id"] != "C"])
    was, is_now = places(draw(0).nodes), places(recall_places(meeting))
    assert "B" not in is_now and "C" not in is_now and is_now["Z"] == was["B"]
    assert is_now["A"] == was["A"]
