"""Everyone on the register is in exactly one place, and the sum is printed only when it comes out."""

import pandas as pd
import pytest

from csp_toolkit.errors import CheckFailed
from csp_toolkit.sharing.papers.gates import RULES, count_left_out, part_removed, reconcile_register


def left_out(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["person_id", "gate", "reason"])


def test_a_register_that_adds_up_is_written_as_one_sum() -> None:
    line, counts = reconcile_register(5, pd.Series(["ranked", "ranked", "under_18", "custody"]), 1)
    assert line == "5 on the register = 2 ranked + 1 in custody + 0 returning + 1 under 18 (own sheet) + 1 left out"
    assert sum(counts.values()) == 4


@pytest.mark.parametrize(
    ("n_register", "blocks", "n_left_out"),
    [(4, ["ranked"], 2), (2, ["ranked"], 2), (2, ["ranked", "elsewhere"], 1)],
)
def test_a_register_that_does_not_add_up_stops_the_papers(n_register: int, blocks: list[str], n_left_out: int) -> None:
    with pytest.raises(CheckFailed, match="register holds"):
        reconcile_register(n_register, pd.Series(blocks), n_left_out)


def test_the_removed_are_told_from_the_overdue() -> None:
    parted = part_removed(left_out(("A", "g4", "removed on review on 3 July 2026"), ("B", "g4", "review was due")))
    assert parted["gate"].tolist() == ["g4_removed", "g4"]


def test_every_person_left_out_is_counted_once_and_every_gate_has_its_words() -> None:
    table = count_left_out(left_out(("A", "g3", ""), ("B", "g3", ""), ("B", "g4", ""), ("C", "g10", "")))
    assert table.set_index("gate")["n_people"].to_dict() == {"g3": 2, "g10": 1}
    assert all(len(words) == 3 and all(words) for words in RULES.values())
