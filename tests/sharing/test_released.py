"""What a briefing reads: the same content is the same bytes, and comes back as it was."""

import numpy as np
import pandas as pd
import pytest

from csp_toolkit.errors import ReleaseError
from csp_toolkit.sharing.released import Released


def _copy() -> Released:
    table = pd.DataFrame(
        {
            "name": pd.Series(["NULL, Ann", "NA, Bo", np.nan], dtype="str"),
            "score": [64.0, np.nan, 0.1 + 0.2],
            "rank": pd.Series([1, pd.NA, 3], dtype="Int64"),
            "seen_on": pd.Series(["2026-11-05", None, "2026-10-01"], dtype="datetime64[us]"),
        }
    )
    return Released(recipient={"profile": "chair"}, facts={"n_ranked": 3, "title": "–"}, tables={"cut": table})


def test_a_copy_comes_back_as_it_was_written(tmp_path):
    written = _copy()
    read = Released.read(written.write(tmp_path / "bundles" / "chair.json"))
    pd.testing.assert_frame_equal(read["cut"], written["cut"])
    assert dict(read.facts) == dict(written.facts)
    assert read.as_json() == written.as_json()


def test_the_same_content_is_the_same_bytes_whatever_the_order_of_its_parts():
    one, two = _copy(), _copy()
    turned = Released(
        recipient=two.recipient, facts=dict(reversed(list(two.facts.items()))), tables=two.tables, withheld=two.withheld
    )
    assert one.as_json() == turned.as_json()


def test_a_table_without_rows_keeps_its_columns_and_types(tmp_path):
    empty = Released(recipient={}, tables={"cut": _copy()["cut"].iloc[:0]})
    read = Released.read(empty.write(tmp_path / "a.json"))
    pd.testing.assert_frame_equal(read["cut"], empty["cut"].reset_index(drop=True))


def test_numbering_a_copy_leaves_the_unnumbered_one_as_it_was():
    first = _copy()
    numbered = first.with_copy(number=3, n_copies=4)
    assert numbered.recipient["copy_label"] == "Copy 3 of 4"
    assert "copy_label" not in first.recipient


def test_a_column_of_mixed_types_is_refused_without_showing_its_values():
    mixed = Released(recipient={}, tables={"cut": pd.DataFrame({"name": ["WATSON", 3]}, dtype="object")})
    with pytest.raises(ReleaseError, match="column name holds 1 values") as caught:
        mixed.as_json()
    assert "WATSON" not in str(caught.value)


def test_a_file_that_is_no_copy_is_refused(tmp_path):
    (tmp_path / "other.json").write_text('{"format": "something else"}')
    with pytest.raises(ReleaseError, match="not a released copy"):
        Released.read(tmp_path / "other.json")
