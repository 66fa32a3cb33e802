"""Texts read many at once say what each says by itself."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp_toolkit.records import plain_texts
from csp_toolkit.records.cells import READERS
from csp_toolkit.records.files import RawFile
from csp_toolkit.records.plain_texts import read_distinct
from csp_toolkit.records.readings import Manner, Reading
from csp_toolkit.records.texts import Findings, Sheet, fits, mend, tidy

TEXTS = st.lists(
    st.one_of(
        st.sampled_from(
            ["", "42/1/26", "Mar-25", "1.2E+05", "=1+1", "-x", "- x", "a\n=b", "<b>", "\ufffd", "@x", "plain"]
        ),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    ),
    unique=True, max_size=12,
)  # fmt: skip


@pytest.mark.parametrize("reader", ["text", "reference", "code"])
@given(texts=TEXTS, pattern=st.sampled_from([None, r"\d{2}/\d/\d{2}"]), blank=st.sampled_from([None, "UNK"]))
def test_a_block_is_read_as_each_of_its_texts(
    reader: str, texts: list[str], pattern: str | None, blank: str | None
) -> None:
    manner = Manner(pattern=pattern)
    one_by_one = [READERS[reader](text, manner) if text else Reading(None) for text in texts]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_texts, "BLOCK", 3)
        read = read_distinct(reader, texts, manner, blank=blank)
    assert read.values == [blank if reading.value is None else reading.value for reading in one_by_one]
    said = {rule: places.tolist() for rule, places in read.rules.items()}
    rules = sorted({reading.rule for reading in one_by_one if reading.rule})
    assert said == {rule: [n for n, reading in enumerate(one_by_one) if reading.rule == rule] for rule in rules}


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), min_size=1, max_size=12))
def test_a_column_is_tidied_as_each_of_its_texts(texts: list[str]) -> None:
    findings = Findings()
    cells = pd.DataFrame({"A": pd.Series(texts, dtype="str")})
    none = pd.DataFrame({"row": [], "n_cells": []}, dtype="int64")
    raw = RawFile("feed.csv", "", ("A",), cells, np.arange(2, len(texts) + 2), none, header_row=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_texts, "BLOCK", 3)
        sheet = Sheet.read(raw, {"A": "A"}, findings)
    assert sheet.text("A").tolist() == [tidy(mend(text)) for text in texts]
    found = findings.frame()
    trimmed = found.loc[found["rule"] == "spaces_trimmed", "row"].tolist()
    assert trimmed == [row for row, text in enumerate(texts, start=2) if tidy(mend(text)) != mend(text)]


def test_what_a_pattern_fits_is_said_of_each_row_and_never_of_a_missing_text() -> None:
    said = fits(pd.Series(["SECRET", None, "OFFICIAL", "a\nSECRET b", "SECRET"], dtype="str"), ".*SECRET.*")
    assert said.tolist() == [True, False, False, True, True]
