"""What a tie rests on, in words that can follow "it rests on"."""

import pandas as pd
import pytest

from csp_toolkit.networks.evidence.evidence_text import say_rests_on


def items(kind: str, *months: str) -> pd.DataFrame:
    on = pd.to_datetime([f"{month}-03" for month in months])
    rows = {"kind": kind, "item_ref": [f"I{n}" for n in range(len(months))], "origin_id": "O", "grade": "record"}
    return pd.DataFrame({**rows, "from_on": on, "seen_on": on})


@pytest.mark.parametrize(
    ("kind", "months", "said"),
    [
        ("charged together", ["2026-03"], "being charged together (March 2026)"),
        ("arrested together", ["2026-03", "2026-05"], "being arrested together twice (March to May 2026)"),
        ("shared line", ["2026-03"], "a shared line (March 2026)"),
        ("shared line", ["2025-03", "2026-05"], "a shared line, on record twice (March 2025 to May 2026)"),
        ("family", ["2026-03"], "family (March 2026)"),
    ],
)
def test_what_a_tie_rests_on_reads_as_part_of_a_sentence(kind, months, said):
    assert say_rests_on(items(kind, *months)) == said
