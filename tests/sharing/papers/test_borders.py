"""The cross-border papers: names for the county alone, a neighbour's own counts and questions, nothing small."""

import re
from dataclasses import replace
from datetime import date

import pytest

from csp_toolkit.display.wording import find_banned
from csp_toolkit.errors import GovernanceError
from csp_toolkit.params import packaged, read_named
from csp_toolkit.sharing.meeting import read_meeting
from csp_toolkit.sharing.recipients import Recipient, choose_recipients
from csp_toolkit.sharing.released import Released
from csp_toolkit.sharing.workings.borders import list_border_workings
from tests.sharing.border_partnership import (
    FAMILIES,
    IDS,
    NEIGHBOUR,
    border_papers,
    border_study,
    border_view,
    copy_for,
)


@pytest.fixture(scope="module")
def county() -> Released:
    """Release the county's copy."""
    return copy_for("county_police")


@pytest.fixture(scope="module")
def neighbour() -> Released:
    """Release the neighbour's copy."""
    return copy_for("neighbour_thurrock")


def test_the_county_has_adults_by_name_and_a_child_by_initials(county: Released) -> None:
    names = set(county["crossing"]["name"])
    assert "OAKHOLLOW, Rowan" in names and "R. F." in names and not any("FENWEATHER" in name for name in names)
    assert "FENWEATHER" not in county.as_json()


def test_the_county_has_the_suggestion_with_its_signs(county: Released) -> None:
    assert county["rebrands"][["old_brand", "new_brand"]].to_numpy().tolist() == [["B1", "B2"]]
    assert county["rebrand_signs"]["counts"].sum() == pytest.approx(county["rebrands"]["counts"].sum())
    assert set(county["line_spans"]["line_ref"]) == {"1", "2"}


def test_a_neighbour_gets_nobodys_name_no_reference_no_line_and_no_other_area(neighbour: Released) -> None:
    said = neighbour.as_json()
    assert not [family for family in FAMILIES if family in said.upper()]
    assert "42SYN/" not in said and not {"person_id", "person_a"} & {c for t in neighbour.tables.values() for c in t}
    assert "B1" not in said and "B2" not in said and "Far" not in said.replace("Farther", "")
    assert set(neighbour.tables) == {"shared_asks", "shared_flows", "shared_found", "shared_sowhat", "method", "limits",
                                     "manifest"}  # fmt: skip
    assert neighbour.recipient["n_named"] == 0


def test_a_neighbour_is_told_no_small_count(neighbour: Released) -> None:
    flows = neighbour["shared_flows"].set_index("direction")["n_shown"]
    assert flows.to_dict() == {"in": "fewer than 5", "out": "none"}  # three people of theirs, in truth
    said = " ".join([*neighbour["shared_asks"]["question"], *neighbour["shared_sowhat"]["sentence"]])
    assert "3 people" not in said and "fewer than 5 people" in said


def test_a_large_count_is_told_as_it_is(neighbour: Released) -> None:
    assert neighbour["shared_found"]["n_shown"].tolist() == ["6"]
    assert any("six times" in question for question in neighbour["shared_asks"]["question"])


def test_a_question_about_a_line_goes_from_police_to_police(county: Released, neighbour: Released) -> None:
    assert "line under a new name" in set(county["asks"]["kind"])
    assert not {"line", "line under a new name"} & set(neighbour["shared_asks"]["kind"])


def test_a_line_with_handling_c_that_names_no_condition_leaves_no_copy_at_all() -> None:
    view = border_view()
    tables = {**view.tables, "lines": view["lines"].assign(handling="C")}
    copy = copy_for("county_police", replace(view, tables=tables))
    assert copy["lines"].empty and copy["rebrands"].empty and copy["line_spans"].empty
    said = copy.as_json()
    assert not re.search(r"\bB[12]\b", said)


def test_who_was_removed_or_is_a_victim_only_stands_in_no_list_of_people() -> None:
    view = border_view()
    removed = view["reviews"].reindex(range(1)).assign(person_ref=IDS["B"], person_id=IDS["B"], status="REMOVED")
    papers = border_papers(replace(view, tables={**view.tables, "reviews": removed}))
    for name in ("crossing", "pairs", "handovers_wanting"):
        ids = {v for c in ("person_id", "person_a", "person_b") if c in papers[name] for v in papers[name][c]}
        assert IDS["B"] not in ids, name


def test_every_sentence_may_be_printed() -> None:
    papers = border_papers(border_view())
    said = [v for v in papers.facts.values() if isinstance(v, str)]
    for table in papers.tables.values():
        said += [v for c in ("sentence", "question") if c in table for v in table[c].dropna()]
    assert len(said) > 40 and [find_banned(text) for text in said if find_banned(text)] == []


def test_the_workings_hold_references_and_no_names() -> None:
    view = border_view()
    tables = list_border_workings(view, border_study(view), border_papers(view))
    text = " ".join(frame.to_csv() for frame in tables.values())
    assert not [family for family in FAMILIES if family in text]
    assert set(read_meeting("cross_border", packaged("params")).tables) <= set(tables)


def test_a_neighbour_without_an_agreement_in_force_gets_no_copy_and_stops_nobody_elses() -> None:
    policy = read_meeting("cross_border", packaged("params"))
    for with_neighbour, expected in ((True, ["county_police", "neighbour_thurrock"]), (False, ["county_police"])):
        view = border_view(with_neighbour=with_neighbour)
        chosen = choose_recipients(policy.recipients, policy.recipients_if_agreed, view["agreements"], as_of=view.as_of,
                                   is_synthetic=True, folder=packaged("params"))  # fmt: skip
        assert [to.name for to in chosen] == expected
    with pytest.raises(GovernanceError):
        choose_recipients(policy.recipients, (), view["agreements"], as_of=date(2030, 1, 1), is_synthetic=True,
                          folder=packaged("params"))  # fmt: skip


def test_the_neighbours_profile_asks_for_nothing_but_its_own_rows() -> None:
    profile = read_named("recipients", "neighbour_thurrock", Recipient)
    rows = {name: rule.rows for name, rule in profile.tables.items() if name.startswith("shared_")}
    assert rows and set(rows.values()) == {"own_agency"}
    assert set(profile.tables) - set(rows) == {"method", "limits", "manifest"}


def test_every_area_with_a_council_has_its_rows_and_no_other() -> None:
    papers = border_papers(border_view())
    assert set(papers["shared_flows"]["agency"]) == {"Near Council", "Thurrock Council"}
    assert NEIGHBOUR not in papers["shared_flows"].to_csv()
