"""What reaches a recipient: what their profile lists, nothing else, however the papers grow."""

import string
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csp_toolkit.errors import GovernanceError, ReleaseError
from csp_toolkit.params import packaged
from csp_toolkit.sharing.identities import identify, spell_date, split_words
from csp_toolkit.sharing.masking import make_key, pseudonym, shorten_name
from csp_toolkit.sharing.recipients import Recipient, read_recipients
from csp_toolkit.sharing.redaction import redact
from csp_toolkit.sharing.released import Released, release
from tests.sharing.partnership import PEOPLE, Papers, make_papers, make_view

PROFILES = read_recipients()
PARAMS = packaged("params")
KEY = b"k" * 32
PAPERS, IDENTITIES = make_papers(), identify(make_view())


def copy_for(name: str, papers: Papers | None = None, **more) -> Released:
    return release(papers or make_papers(), recipient=name, view=make_view(), params=PARAMS, **more)


def changed(papers: Papers, table: str, **columns) -> Papers:
    return Papers({**papers.tables, table: papers.tables[table].assign(**columns)}, papers.facts)


def test_housing_sees_only_the_people_its_own_open_actions_are_about():
    copy = copy_for("housing")
    assert copy["people_asked"]["name"].tolist() == ["WATSON, Alfie", "S. T."]
    assert copy["actions"]["action_ref"].tolist() == ["A1", "A2", "A4"]
    assert (copy.recipient["n_named"], copy.recipient["n_people"]) == (2, 4)


def test_a_closed_action_asks_about_nobody():
    papers = make_papers()
    closed = changed(papers, "actions", status=["COMPLETE", "OPEN", "OPEN", "OPEN"])
    assert copy_for("housing", closed)["people_asked"]["name"].tolist() == ["S. T."]


def test_without_the_column_that_says_whose_action_it_is_nobody_is_named():
    papers = make_papers()
    lost = Papers({**papers.tables, "actions": papers.tables["actions"].drop(columns="agency")}, papers.facts)
    copy = copy_for("housing", lost)
    assert copy["people_asked"].empty
    assert copy["actions"].empty


@pytest.mark.parametrize("recipient", ["chair", "housing"])
def test_a_column_or_table_added_upstream_does_not_leak(recipient):
    papers = make_papers()
    grown = Papers({**papers.tables, "new_table": papers.tables["people_asked"]}, {**papers.facts, "new_fact": "x"})
    for table in papers.tables:
        grown = changed(grown, table, ethnicity="W1")
    copy = copy_for(recipient, grown)
    assert copy.as_json() == copy_for(recipient).as_json()


def test_no_copy_holds_a_date_of_birth_a_postcode_or_free_text():
    for recipient in ("chair", "housing"):
        text = copy_for(recipient).as_json()
        assert "1998-03-05" not in text
        assert "CANARY-LIST" not in text
        assert "SS13" not in text


def test_a_child_is_never_named_in_full_in_a_table_or_a_sentence():
    papers = make_papers()
    said = Papers(papers.tables, {**papers.facts, "finding_list": "Thornton is a child; THORNTON, Shane is third."})
    copy = copy_for("chair", said)
    assert copy["police_list"]["name"].tolist() == ["WATSON, Alfie", "O'NEILL-HART, Bo", "S. T."]
    assert copy.facts["finding_list"] == "S. T. is a child; S. T. is third."
    assert "hornton" not in copy.as_json().casefold()


def test_a_recipient_approved_for_it_sees_a_childs_name():
    approved = PROFILES["chair"].model_copy(update={"may_name_children": True})
    copy = release(make_papers(), recipient=approved, view=make_view(), params=PARAMS)
    assert copy["police_list"]["name"].tolist()[2] == "THORNTON, Shane"


def test_handling_c_goes_only_where_every_condition_is_met_and_makes_the_copy_c():
    copy = copy_for("chair")
    assert copy["ties"]["n_origins"].tolist() == [2, 1]
    assert (copy.recipient["handling"], copy.recipient["n_conditions_not_met"]) == ("C", 1)


def test_two_conditions_of_which_one_is_not_met_hold_an_item_back():
    both = "May be shared with named members of panel only; Originator to be consulted before any use"
    papers = changed(make_papers(), "ties", handling_conditions=[None, both, both])
    copy = copy_for("chair", papers)
    assert copy["ties"]["n_origins"].tolist() == [2]
    assert copy.recipient["handling"] == "P"


def test_an_item_with_handling_c_and_no_condition_written_is_held_back():
    papers = changed(make_papers(), "ties", handling_conditions=None)
    assert copy_for("chair", papers).recipient["n_conditions_not_met"] == 2


def test_what_rests_on_a_grade_that_cannot_be_read_never_leaves():
    papers = make_papers()
    n_ties = len(copy_for("chair", papers)["ties"])
    unread = changed(papers, "ties", grade=None, grade_original="Z9")
    assert len(copy_for("chair", unread)["ties"]) == 0 and n_ties
    read = changed(papers, "ties", grade="1A", grade_original="1AP")
    assert len(copy_for("chair", read)["ties"]) == n_ties


def test_what_is_suspected_to_be_false_is_for_the_police_alone():
    graded = changed(make_papers(), "actions", grade="3E", grade_original="3EP")
    assert len(copy_for("housing")["actions"]) and not len(copy_for("housing", graded)["actions"])
    assert len(copy_for("chair", graded)["actions"]) == len(copy_for("chair")["actions"])


def test_a_sentence_that_names_someone_not_in_the_copy_is_taken_out_and_counted():
    copy = copy_for("housing")
    assert copy["actions"]["action_text"].tolist()[1].startswith("withheld")
    assert copy.recipient["n_texts_taken_out"] == 1


@pytest.mark.parametrize(
    "leak",
    [
        "seen with DAVIS, Di", "seen with Di Davis", "seen with di  davis", "Davis was there", "DAVIS was there",
        "bo oneill hart", "O’Neill-Hart, Bo", "calls herself DAVISON, Di", "known as Smiley now",
        "ref SYN/000004/20 here",
        "ref PER-DDDD here", "born 21/07/1988", "born 1988-07-21", "born 21-07-1988", "born 21.07.1988",
        "born 21 Jul 1988", "born 21 July 1988", "born July 21, 1988", "born 19880721", "born 21/07/88",
        "at SS14 9QQ now", "at ss149qq now", "born 05/03/1998", "planted CANARY-7 here",
    ],
)  # fmt: skip
def test_what_would_give_someone_away_is_found_however_it_is_written(leak):
    papers = make_papers()
    said = changed(papers, "actions", action_text=[leak, "b c", "c d", "d e"])
    copy = copy_for("housing", said, canaries=("CANARY-7",))
    assert copy["actions"]["action_text"].tolist()[0].startswith("withheld")
    assert leak not in copy.as_json()


@pytest.mark.parametrize(
    "harmless",
    [
        "Visit the flat on 1 Dec 2026",
        "SYN-2026-21/07/88",
        "21/07/8812",
        "Green",
        "null and void",
        "Ask for Watson again",
    ],
)
def test_what_gives_nobody_away_is_left_in(harmless):
    papers = changed(make_papers(), "actions", action_text=[harmless, "b c", "c d", "d e"])
    assert copy_for("housing", papers)["actions"]["action_text"].tolist()[0] == harmless


def test_the_check_after_redaction_stops_a_copy_that_still_names_someone(monkeypatch):
    monkeypatch.setattr("csp_toolkit.sharing.redaction.take_out", lambda text, *_: text)
    with pytest.raises(ReleaseError, match=r"table actions, column action_text \(1 values\)") as caught:
        copy_for("housing")
    assert "Davis" not in str(caught.value)


def test_a_person_only_ever_harmed_stands_in_no_ranked_view():
    papers = make_papers()
    ranked = changed(papers, "police_list", person_id=["PER-AAAA", "PER-FFFF", "PER-EEEE"])
    with pytest.raises(ReleaseError, match="1 people recorded only as victims are ranked"):
        copy_for("chair", ranked)
    unscored = changed(ranked, "police_list", score=[64.0, None, None])
    assert len(copy_for("chair", unscored)["police_list"]) == 3


def test_no_agreement_in_force_means_no_copy():
    view = make_view()
    view.tables["agreements"]["expires_on"] = pd.Timestamp("2026-11-25")
    with pytest.raises(GovernanceError, match="in force on 2026-11-26"):
        release(make_papers(), recipient="housing", view=view, params=PARAMS)


def test_references_are_stable_for_one_recipient_and_cannot_be_joined_with_anothers(tmp_path):
    make_key(tmp_path)
    (tmp_path / "params").mkdir()
    view = make_view(is_synthetic=False)
    view.tables["agreements"]["agreement_ref"] = ["ISA-1", "ISA-7"]
    other = PROFILES["housing"].model_copy(update={"name": "landlord"})
    first, again, second = (
        release(make_papers(), recipient=r, view=view, params=tmp_path / "params")["people_asked"]["reference"].tolist()
        for r in (PROFILES["housing"], PROFILES["housing"], other)
    )
    assert first == again
    assert not set(first) & set(second)
    assert all(ref.startswith("H-") and len(ref) == 12 for ref in first)


def test_real_people_get_no_reference_without_the_workspaces_secret(tmp_path):
    view = make_view(is_synthetic=False)
    view.tables["agreements"]["agreement_ref"] = ["ISA-1", "ISA-7"]
    with pytest.raises(ReleaseError, match=r"pseudonyms\.key"):
        release(make_papers(), recipient=PROFILES["housing"], view=view, params=tmp_path / "params")


def test_the_secret_is_made_once_and_is_its_owners_alone(tmp_path):
    first = make_key(tmp_path).read_text()
    assert make_key(tmp_path).read_text() == first
    make_key(tmp_path).write_text("")  # as a stop in the middle of `csp init` would leave it
    assert len(make_key(tmp_path).read_text()) == len(first)
    assert (tmp_path / "pseudonyms.key").stat().st_mode & 0o077 == 0


def test_papers_are_not_changed_by_releasing_them():
    papers, before = make_papers(), make_papers()
    release(papers, recipient="housing", view=make_view(), params=PARAMS)
    for name, table in before.tables.items():
        pd.testing.assert_frame_equal(papers.tables[name], table)


@pytest.mark.parametrize("name", ["chair", "housing"])
def test_redacting_a_copy_again_changes_nothing(name):
    once = copy_for(name)
    twice = copy_for(name, Papers(dict(once.tables), dict(once.facts)))
    assert list(once.tables) == list(twice.tables)
    for table in once.tables:
        pd.testing.assert_frame_equal(once[table], twice[table])
    assert once.facts == twice.facts


ACTIONS = ("KEEP", "PSEUDONYM", "GENERALISE age band", "MASK", "DROP")


def _shown(profile: Recipient) -> set[tuple[str, str, str]]:
    got = redact(PAPERS.tables, PAPERS.facts, recipient=profile, identities=IDENTITIES, key=KEY)
    return {
        (table, column, str(value))
        for table, frame in got.tables.items()
        for column in frame
        for value in frame[column].dropna()
    }


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_stricter_profile_never_shows_more(data):
    base = PROFILES["housing"]
    rules = base.tables["people_asked"].columns
    loose = {c: a for c, a in rules.items() if c in ("person_id", "agency") or data.draw(st.booleans())}
    strict = {
        c: (
            a
            if c in ("person_id", "agency") or data.draw(st.booleans())
            else data.draw(st.sampled_from(("MASK", "DROP")))
        )
        for c, a in loose.items()
    }

    def profile(columns: dict) -> Recipient:
        rule = base.tables["people_asked"].model_copy(update={"columns": columns})
        return base.model_copy(update={"tables": {**base.tables, "people_asked": rule}})

    more = {item for item in _shown(profile(strict)) - _shown(profile(loose)) if item[2] != "withheld"}
    assert not more


@given(st.text(string.ascii_uppercase + string.digits + "/-", min_size=1, max_size=20))
def test_a_pseudonym_of_a_pseudonym_is_itself(text):
    once = pseudonym(text, KEY, "H")
    assert pseudonym(once, KEY, "H") == once
    assert once != pseudonym(text, b"other" * 8, "H")


@given(st.dates(min_value=pd.Timestamp("1930-01-01").date()))
def test_every_spelling_of_a_date_is_words_the_search_can_meet(day):
    assert split_words(f"{day:%d/%m/%Y}") in spell_date(day)
    assert split_words(day.isoformat()) in spell_date(day)


def test_a_name_becomes_initials_and_initials_stay():
    assert [shorten_name(n) for n in ("THORNTON, Shane", "S. T.", "NULL, Cy", "Ghost")] == [
        "S. T.",
        "S. T.",
        "C. N.",
        "G.",
    ]


def test_everyone_in_the_small_partnership_is_identified():
    found = identify(make_view())
    assert found.children == {"PER-EEEE"}
    assert found.victims_only == {"PER-FFFF"}
    assert set(found.references["value"]) >= {ref for _, ref, *_ in PEOPLE}


def test_who_is_known_to_be_born_in_a_year_is_a_child_until_it_has_passed():
    view = make_view()
    born = pd.to_datetime(view.people["dob"].mask(view.people["person_id"].eq("PER-DDDD"), pd.Timestamp("2008-01-01")))
    told = view.people["dob_precision"].mask(view.people["person_id"].eq("PER-DDDD"), "YEAR")
    found = identify(replace(view, people=view.people.assign(dob=born.astype("datetime64[us]"), dob_precision=told)))
    assert found.children == {"PER-DDDD", "PER-EEEE"}
