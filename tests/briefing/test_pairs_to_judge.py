"""The pairs of the decisions workbook: at most as many as the policy says, and above them how many there are."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from csp_toolkit.briefing import pairs_to_judge
from csp_toolkit.briefing.pairs_to_judge import Pairs, list_pairs_to_judge
from csp_toolkit.errors import ToolkitError
from tests.scoring.small_views import small_view

MATCHES = [
    {"match_id": f"M{n}", "person_id": person, "source_system": system, "source_ref": f"{person}{n}",
     "reason": "same given name", "p_same": 0.5, "looked_at": ""}
    for n in (1, 2) for person, system in ((f"P{n}", "police"), (f"Q{n}", "children"))
]  # fmt: skip


def listed(monkeypatch: pytest.MonkeyPatch, most: int | None) -> Pairs:
    def refuse(*_: object) -> None:
        raise ToolkitError("no agreement in force")

    monkeypatch.setattr(pairs_to_judge, "score_view", refuse)
    view = small_view(matches=MATCHES)
    view = replace(view, possible_matches=view.possible_matches.astype({"p_same": "float64"}))
    return list_pairs_to_judge(SimpleNamespace(params=None), view, most=most)  # type: ignore[arg-type]


def test_no_more_are_listed_than_the_policy_says_and_the_note_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = listed(monkeypatch, 1)
    assert len(pairs.sheets["identity"]) == 1
    assert pairs.notes["identity"].startswith("2 pairs open") and "The first 1 are listed" in pairs.notes["identity"]


def test_without_a_limit_all_are_listed_though_nothing_can_be_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = listed(monkeypatch, None)
    assert pairs.sheets["identity"]["ref_b"].tolist() == ["P11", "P22"]
    assert pairs.sheets["identity"]["effect_on_the_list"].tolist() == ["not assessed"] * 2
    assert "are listed" not in pairs.notes["identity"]
