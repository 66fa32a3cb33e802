"""What a feed's mapping is said to do: every column accounted for, once for each use."""

from pathlib import Path

import pytest

from csp_toolkit.errors import DeliveryError, ParamsError
from csp_toolkit.records.explaining import EXPLAINED_COLUMNS, NOT_KEPT, explain_feed, explain_files
from csp_toolkit.records.feeds import read_feeds
from csp_toolkit.records.schema import TABLES

FEEDS = read_feeds()


@pytest.mark.parametrize("name", sorted(FEEDS))
def test_every_heading_and_every_column_filled_is_explained(name: str) -> None:
    feed, table = FEEDS[name], explain_feed(name, FEEDS)
    assert list(table.columns) == list(EXPLAINED_COLUMNS)
    assert {*feed.headings, *feed.not_kept} <= set(table["column"])
    filled = {
        f"{t}.{c}" for t, recipe in feed.tables.items() for c, cell in recipe.columns.items() if not cell.constant
    }
    assert filled <= set(table["becomes"])
    assert set(table.loc[table["becomes"] == NOT_KEPT, "column"]) == set(feed.not_kept)
    kept = table[table["becomes"].str.fullmatch(r"\w+\.\w+") & (table["read_as"] != "grade")]
    for row in kept.itertuples():
        column = TABLES[row.becomes.split(".")[0]].column(row.becomes.split(".")[1])
        assert (row.vocabulary or None, row.sensitivity) == (column.vocabulary, column.sensitivity)


def test_checks_rows_and_codes_are_put_in_words() -> None:
    drug = explain_feed("drug_service", FEEDS).set_index("column")
    assert drug.loc["Consent", "note"] == "a row that does not say Y or YES or TRUE or 1 is refused"
    exclusions = explain_feed("education_exclusions", FEEDS)
    assert set(exclusions.loc[exclusions["becomes"] == "exclusions.reasons", "column"]) == {
        "Reason1", "Reason2", "Reason3",
    }  # fmt: skip
    groups = explain_feed("police_groups", FEEDS)
    assert "only rows that say MEMBER" in set(groups["note"])


def test_an_unknown_feed_is_said_with_the_names_there_are() -> None:
    with pytest.raises(ParamsError, match="There are childrens_services, csp_actions"):
        explain_feed("ambulance", FEEDS)


def test_a_delivery_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="no such folder"):
        explain_files("drug_service", FEEDS, tmp_path / "nowhere")
    assert explain_files("drug_service", FEEDS, tmp_path) == []
