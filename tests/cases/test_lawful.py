"""An agreed action is on the menu, of its kind and allowed at the person's age; a child is never without support."""

import pytest

from csp_toolkit.cases.lawful import check_agreed
from csp_toolkit.cases.plans import read_menu
from csp_toolkit.tables.deciding.decisions import list_decisions
from tests.cases.test_follow_up import agree

MENU = read_menu("csp_menu_v1")


def check(*actions: tuple[str, str, int | None], supported: frozenset[str] = frozenset()) -> list[str]:
    made, ages = [], {}
    for n, (kind, code, age) in enumerate(actions, start=1):
        decision = agree(n, kind)
        made.append(type(decision)(**vars(decision) | {"details": {**decision.details, "intervention_code": code}}))
        ages["42SYN/1"] = age
    return check_agreed(list_decisions(made), ages, MENU, supported=supported)


@pytest.mark.parametrize(
    ("kind", "code", "age", "says"),
    [
        ("SUPPORT", "X99", 30, "the code is not on the menu"),
        ("SUPPORT", "D10", 30, "the code is one of disruption"),
        ("DISRUPTION", "D09", 17, "allowed from 18"),
        ("SUPPORT", "S03", 18, "it is for people up to 17 years"),
        ("ENFORCEMENT", "E02", 16, "no support is agreed"),
        ("ENFORCEMENT", "E02", None, "under 18 or of unknown age"),
    ],
)
def test_what_may_not_be_agreed_is_named_by_sheet_and_row(kind: str, code: str, age: int | None, says: str) -> None:
    found = check((kind, code, age))
    assert len(found) == 1 and found[0].startswith("list row 1: ")
    assert says.replace("allowed from 18", "the law allows it from 18 years") in found[0]


@pytest.mark.parametrize(
    ("kind", "code", "age"), [("SUPPORT", "S10", 16), ("ENFORCEMENT", "E02", 18), ("SUPPORT", "", 9)]
)
def test_what_may_be_agreed_is_let_through(kind: str, code: str, age: int) -> None:
    assert check((kind, code, age)) == []


def test_for_a_child_anything_else_stands_beside_support_agreed_now_or_before() -> None:
    assert check(("ENFORCEMENT", "E02", 16), ("SUPPORT", "S03", 16)) == []
    assert check(("ENFORCEMENT", "E02", 16), supported=frozenset({"42SYN/1"})) == []
    assert len(check(("ENFORCEMENT", "E02", 16), supported=frozenset({"42SYN/2"}))) == 1
