"""A page for each subject: the three bases apart and adding up, harm apart, nothing of a child but support."""

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag

from csp_toolkit.briefing.pages.monthly import Page
from tests.briefing.bundle import Copy, chairs_copy, housing_copy

ADULT, CHILD, OUT = "PER-000000000001", "PER-000000000004", "PER-000000000008"


def subjects() -> pd.DataFrame:
    row = {
        "person_id": ADULT, "name": "WATSON, Alfie", "reference": "SYN/1", "is_child": "N", "place": 1, "age_years": 28,
        "area": "Basildon", "group_name": "Plover network", "categories": "Convicted", "review_owner": "SYN DC 3",
        "last_review_on": "2026-10-14", "next_review_on": "2027-01-14", "authoriser": None, "safeguarding_ref": None,
        "included_on": "2025-09-22", "inclusion_reason": "Assessed as linked; <b>charged</b>", "why_listed": "Supply",
        "status_text": "At liberty, as far as recorded", "block": "ranked", "score": 40.0, "proved": 20.0,
        "alleged": 14.0, "intelligence": 6.0, "violence": 20.0, "drugs": 15.0, "gang_link": 5.0, "rank": 3,
        "rank_low": 2, "rank_high": 6, "p_top10": 0.97, "band": "Amber", "no_score_reason": None,
        "harm_state": "recorded", "harm_text": "stabbed", "moved": "up 2", "n_proved": 1, "n_alleged": 4,
        "n_intelligence": 1,
    }  # fmt: skip
    child = row | {"person_id": CHILD, "name": "S. T.", "is_child": "Y", "place": 4, "age_years": 16, "moved": None,
                   "no_score_reason": "Under 18: no score on this page. Safeguarding leads.", "n_proved": 2,
                   "safeguarding_ref": "SYN-SG1", "authoriser": "SYN DI 1", "harm_state": "none recorded"}  # fmt: skip
    out = row | {"person_id": OUT, "name": "WRIGHT, Ben", "place": 8, "harm_state": "not known",
                 "harm_text": "feed held", "no_score_reason": "No score: removed on review.", "score": None,
                 "inclusion_reason": None}  # fmt: skip
    return pd.DataFrame([row, child, out])


def records() -> pd.DataFrame:
    rows = [
        ("proved", 1, "robbery of May 2026 (convicted)", None, 20.0),
        ("alleged", 1, "wounding of June 2026 (charged)", None, 9.0),
        ("alleged", 2, "threats of July 2026 (charged)", None, 3.5),
        ("intelligence", 1, "2C report of June 2026", "untested source, known indirectly: a part in a line", 6.0),
    ]
    return pd.DataFrame(rows, columns=["basis", "n", "words", "about", "points"]).assign(
        person_id=ADULT, is_child="N", handling="P", handling_conditions=None
    )  # fmt: skip


def with_subjects(copy: Copy) -> Copy:
    harm = pd.DataFrame({"person_id": [ADULT], "is_child": ["N"], "words": ["stabbed, June 2026"], "harmed_on": [None]})
    gaps = pd.DataFrame({"person_id": [ADULT, CHILD], "is_child": ["N", "Y"],
                         "sentence": ["Nine outcomes have not changed.", "Not on record: any group."]})  # fmt: skip
    actions = pd.DataFrame({
        "person_id": [ADULT], "is_child": ["N"], "action_ref": ["GIM-2026-10-29/01"],
        "action_text": ["Visit <i>now</i>"], "action_owner": ["SYN DC 3"], "agency": ["Essex Police"],
        "due_on": ["2026-11-12"], "days_late": [14],
    })  # fmt: skip
    tables = {"subjects": subjects(), "subject_records": records(), "subject_harm": harm, "subject_gaps": gaps,
              "subject_actions": actions}  # fmt: skip
    for name, table in tables.items():
        copy = copy.with_table(name, table)
    return copy


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(with_subjects(chairs_copy()))


@pytest.fixture(scope="module")
def people(page: Page) -> list[Tag]:
    return BeautifulSoup(page.subjects().html, "html.parser").select(".subject")


def text(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def test_each_subject_but_the_first_starts_a_printed_page(people: list[Tag]) -> None:
    assert ["page" in person["class"] for person in people] == [False, True, True]
    assert [text(person.h3) for person in people] == [  # type: ignore[arg-type]
        "WATSON, Alfie police place 1", "S. T. police place 4", "WRIGHT, Ben police place 8",
    ]  # fmt: skip


def test_proved_alleged_and_intelligence_stand_apart_and_each_adds_up(people: list[Tag]) -> None:
    columns = people[0].select(".known > div")
    assert [column["class"] for column in columns] == [["proved"], ["alleged"], ["intelligence"]]
    for column in columns:
        total = float(text(column.h4).split(": ")[1].split()[0])  # type: ignore[arg-type]
        assert sum(float(text(points)) for points in column.select(".pt")) == pytest.approx(total)
    assert "two more records, together" in text(columns[1]) and text(columns[1].select(".pt")[-1]) == "1.5"
    assert "untested source, known indirectly" in text(columns[2])


def test_harm_stands_in_a_box_of_its_own_and_in_no_column_of_points(people: list[Tag]) -> None:
    assert "stabbed, June 2026" in text(people[0].select_one(".harm"))  # type: ignore[arg-type]
    assert all("stabbed" not in text(column) for column in people[0].select(".known > div"))
    assert "Not known: feed held" in text(people[2].select_one(".harm"))  # type: ignore[arg-type]


def test_of_a_child_there_is_no_point_no_record_and_support_alone(people: list[Tag]) -> None:
    child = people[1]
    assert not child.select(".known") and not child.select(".pt") and not child.select(".rests")
    assert "40.0" not in text(child) and "Amber" not in text(child)
    assert "Recorded: 2 proved, 4 alleged, 1 of intelligence." in text(child)
    assert "SYN-SG1" in text(child) and text(child).index("Harm suffered") < text(child).index("Recorded:")
    assert [len(column.select("li")) for column in child.select(".choice")] == [0, 0, 2]


def test_who_was_left_out_has_the_reason_and_nothing_listed(people: list[Tag]) -> None:
    assert "No score: removed on review." in text(people[2]) and not people[2].select(".known")
    assert "Not on the review register." in text(people[2])


def test_what_somebody_wrote_stays_text(people: list[Tag]) -> None:
    assert "<b>charged</b>" in people[0].get_text() and "Visit <i>now</i>" in people[0].get_text()


def test_an_option_says_its_basis_and_from_what_age(people: list[Tag]) -> None:
    offered = people[0].select(".choice li")
    assert offered and all("years" in text(one) or "any age" in text(one) for one in offered)


def test_the_decision_is_a_space_to_fill_in_and_in_a_final_copy_the_decision(people: list[Tag]) -> None:
    assert "Not selected because" in text(people[0].select_one(".decision"))  # type: ignore[arg-type]
    decided = pd.DataFrame([{"person_id": ADULT, "name": "WATSON, Alfie", "outcome": "selected",
                             "reason": "Two charges", "lens": None, "lens_reason": None,
                             "decided_by": "SYN Chair", "role": "Chair",
                             "decided_on": "2026-11-26"}])  # fmt: skip
    final = Page(with_subjects(chairs_copy()).with_table("decided", decided))
    first = BeautifulSoup(final.subjects().html, "html.parser").select_one(".decision")
    assert text(first) == "Selected. Two charges SYN Chair, Chair, 26 Nov 2026"  # type: ignore[arg-type]


def test_the_options_stand_on_the_subject_pages_and_are_not_printed_twice(page: Page) -> None:
    anchors = [entry.plan.anchor for entry in page.contents]
    assert "subjects" in anchors and "options" not in anchors
    assert "options" in [entry.plan.anchor for entry in Page(chairs_copy()).contents]


def test_a_copy_that_was_given_no_subjects_has_no_such_section() -> None:
    assert not Page(housing_copy()).subjects()
