"""How good the data is: what is said, in which order, that it is counted right, and that no value is in it."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from csp_toolkit.errors import ParamsError, TableError
from csp_toolkit.records.feeds import read_feeds
from csp_toolkit.records.schema import TABLES
from csp_toolkit.records.synthetic import DELIVERIES, write_demo
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deliveries import read_delivery
from csp_toolkit.tables.quality.findings import find_faults, fold_unread
from csp_toolkit.tables.quality.policy import read_quality_policy
from csp_toolkit.tables.quality.report import FEED_COLUMNS, Quality, check_quality

AT = datetime(2026, 12, 1, 12, tzinfo=UTC)
POLICY = read_quality_policy()
OCTOBER, NOVEMBER = sorted(DELIVERIES)
Rows = list[dict[str, str]]


def read_csv(path: Path) -> Rows:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def rewrite(path: Path, change: Callable[[Rows], Rows]) -> None:
    rows = change(read_csv(path))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def load(book: Casebook, folder: Path, received_on: date) -> None:
    feeds = read_feeds()
    delivery = read_delivery(folder, feeds, received_on=received_on)
    expected = {name: feed.agency for name, feed in feeds.items()}
    book.load(delivery.files, received_on=received_on, actor="analyst", at=AT, expected=expected,
              unmapped=delivery.unmapped)  # fmt: skip


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's deliveries; November's address column half empty, its crimes a third fewer, its reports all alike."""
    home = tmp_path_factory.mktemp("deliveries")
    write_demo(home)
    month = home / NOVEMBER
    rewrite(
        month / "police_nominals.csv",
        lambda rows: [row | {"HOME ADDRESS": ""} if n % 2 else row for n, row in enumerate(rows)],
    )
    rewrite(month / "police_crimes.csv", lambda rows: rows[: 2 * len(rows) // 3])
    rewrite(month / "police_intel.csv", lambda rows: [row | {"Theme": "SUPPLY"} for row in rows])
    (month / "police_missing.csv").unlink()
    return home


@pytest.fixture(scope="module")
def book(deliveries: Path, tmp_path_factory: pytest.TempPathFactory) -> Casebook:
    made = Casebook.open(tmp_path_factory.mktemp("book") / "casebook.sqlite", create=True)
    for month, day in sorted(DELIVERIES.items()):
        load(made, deliveries / month, day)
    return made


@pytest.fixture(scope="module")
def quality(book: Casebook) -> Quality:
    return check_quality(book, known_at=DELIVERIES[NOVEMBER])


def said(quality: Quality, feed: str, kind: str) -> list[str]:
    found = quality.findings
    return found.loc[found["feed"].eq(feed) & found["kind"].eq(kind), "sentence"].tolist()


def test_an_address_column_that_was_half_emptied_is_said_to_be_half_emptier(quality: Quality, deliveries: Path) -> None:
    filled = {
        month: [bool(row["HOME ADDRESS"].strip()) for row in read_csv(deliveries / month / "police_nominals.csv")]
        for month in (OCTOBER, NOVEMBER)
    }
    (sentence,) = said(quality, "police_nominals", "emptier column")
    assert "“HOME ADDRESS” (home address) is 50% emptier than in the delivery before it" in sentence
    for month in (OCTOBER, NOVEMBER):  # of all rows sent; a handful of repeats are not among those counted
        share = 100 * sum(filled[month]) / len(filled[month])
        assert f"{share:.0f}%" in sentence


def test_a_feed_that_did_not_come_is_said_to_have_not_come_and_stands_first(quality: Quality) -> None:
    assert (
        "not in the delivery of 20 Nov 2026; that of 23 Oct 2026 is used"
        in said(quality, "police_missing", "did not come")[0]
    )
    assert quality.findings.loc[0, "kind"] == "did not come"


def test_fewer_rows_are_counted_as_a_person_would_count_them(quality: Quality, deliveries: Path) -> None:
    n = {month: len(read_csv(deliveries / month / "police_crimes.csv")) for month in (OCTOBER, NOVEMBER)}
    (sentence,) = said(quality, "police_crimes", "fewer rows")
    assert f"({n[NOVEMBER]:,}, was {n[OCTOBER]:,})" in sentence
    assert f"{100 * (1 - n[NOVEMBER] / n[OCTOBER]):.0f}% fewer rows" in sentence


def test_a_mix_of_codes_that_moved_is_said_without_a_code(quality: Quality) -> None:
    (sentence,) = said(quality, "police_intel", "codes moved")
    assert "“Theme”" in sentence
    assert "SUPPLY" not in sentence


def test_what_is_held_or_unread_is_said_and_not_looked_into(quality: Quality) -> None:
    assert "no agreement was in force" in said(quality, "prison_status", "held")[0]
    assert said(quality, "ambulance", "not read")
    table = quality.table.set_index("feed")
    assert pd.Timestamp(table.loc["prison_status", "used_received_on"]).date() == DELIVERIES[OCTOBER]
    assert pd.isna(table.loc["ambulance", "rows_in"])


def test_every_feed_has_one_row_and_its_rows_add_up(quality: Quality) -> None:
    table = quality.table
    assert tuple(table.columns) == FEED_COLUMNS
    assert table["feed"].is_unique
    read = table[table["rows_in"].notna()]
    fates = read[["accepted", "repaired", "rejected", "withdrawn"]].sum(axis=1)
    assert (read["rows_in"] == fates).all()
    assert read["share_kept"].tolist() == pytest.approx(
        ((read["accepted"] + read["repaired"]) / read["rows_in"]).tolist()
    )
    counted = quality.findings.groupby("feed").size().reindex(table["feed"], fill_value=0)
    assert counted.tolist() == table["n_findings"].tolist()


def test_the_share_of_filled_cells_is_the_sum_of_its_columns(quality: Quality) -> None:
    by = quality.columns.groupby("feed")[["n_filled", "n_rows"]].sum()
    table = quality.table.dropna(subset=["share_filled"]).set_index("feed")
    assert len(table) > 10
    assert table["share_filled"].to_dict() == pytest.approx((by["n_filled"] / by["n_rows"]).loc[table.index].to_dict())


def test_filled_cells_and_codes_are_those_of_the_checked_files(quality: Quality, deliveries: Path) -> None:
    delivery = read_delivery(deliveries / NOVEMBER, read_feeds(), received_on=DELIVERIES[NOVEMBER])
    frames = {(v.feed.name, name): frame for v in delivery.files for name, frame in v.tables.items()}
    counted = quality.columns[quality.columns["feed"].isin(["police_crimes", "police_intel", "childrens_services"])]
    for row in counted.dropna(subset=["n_rows"]).itertuples():
        cells = frames[(row.feed, row.table)][row.column]
        is_flag = TABLES[row.table].column(row.column).kind == "flag"
        assert (row.n_rows, row.n_filled) == (len(cells), int((cells.notna() & ~(is_flag & cells.eq("U"))).sum()))
    codes = quality.codes[quality.codes["feed"].eq("police_crimes") & quality.codes["n_rows"].notna()]
    by_column = codes.groupby(["table", "column"])
    assert by_column.ngroups >= 4
    for (table, column), group in by_column:
        assert dict(zip(group["code"], group["n_rows"], strict=True)) == (
            frames[("police_crimes", table)][column].value_counts().to_dict()
        )


def test_findings_stand_in_order_of_how_much_they_matter(quality: Quality) -> None:
    assert quality.findings["matters"].is_monotonic_decreasing
    assert quality.findings["matters"].gt(0).all()


def test_no_finding_holds_a_value_of_any_cell(quality: Quality, deliveries: Path) -> None:
    rows = read_csv(deliveries / NOVEMBER / "police_nominals.csv") + read_csv(
        deliveries / OCTOBER / "police_missing.csv"
    )
    columns = {"SURNAME", "NOMINAL URN", "HOME ADDRESS", "POSTCODE", "PNCID", "Surname", "Misper Ref", "Home Address"}
    values = {row[name].strip() for row in rows for name in columns & set(row)}
    values = {value for value in values if len(value) > 3}
    shown = " ".join(quality.findings["sentence"]) + quality._repr_html_() + repr(quality)
    shown += quality.show_feed("police_nominals").html + quality.explain("police_nominals")
    assert len(values) > 500
    assert [value for value in values if value in shown] == []


def test_a_first_delivery_says_nothing_of_change(book: Casebook) -> None:
    first = check_quality(book, known_at=DELIVERIES[OCTOBER].isoformat())
    change = {"emptier column", "fewer rows", "more rows", "codes moved", "older than usual"}
    assert not set(first.findings["kind"]) & change
    assert first.table["rows_before"].isna().all()


def test_what_was_known_in_october_reads_the_same_after_november(
    book: Casebook, deliveries: Path, tmp_path: Path
) -> None:
    alone = Casebook.open(tmp_path / "casebook.sqlite", create=True)
    load(alone, deliveries / OCTOBER, DELIVERIES[OCTOBER])
    then, now = (check_quality(one, known_at=DELIVERIES[OCTOBER]) for one in (alone, book))
    assert_frame_equal(then.findings, now.findings)
    assert_frame_equal(then.table, now.table)


def test_deliveries_loaded_late_and_turned_round_give_the_same(
    quality: Quality, deliveries: Path, tmp_path: Path
) -> None:
    late = Casebook.open(tmp_path / "casebook.sqlite", create=True)
    for month, day in sorted(DELIVERIES.items(), reverse=True):
        load(late, deliveries / month, day)
    again = check_quality(late, known_at=DELIVERIES[NOVEMBER])
    assert_frame_equal(again.findings, quality.findings)
    assert_frame_equal(again.columns, quality.columns)


def test_an_unknown_feed_is_refused_and_a_good_one_has_nothing_to_say(quality: Quality) -> None:
    with pytest.raises(TableError, match="No feed is called 'nobody'"):
        quality.explain("nobody")
    assert quality.explain("police_groups").endswith("nothing to say.")


def test_the_page_of_one_feed_sets_each_column_beside_what_it_was(quality: Quality) -> None:
    shown = quality.show_feed("police_nominals").html
    assert "HOME ADDRESS" in shown
    assert shown.count('class="share"') == shown.count("</tr>") - 1


# One feed in literals: at its limit each fault is said, just below it is not.


def feed_row(**more: object) -> pd.DataFrame:
    row = {
        "feed": "f", "title": "A feed", "agency": "A", "state": "arrived", "note": "", "rows_in": 1000,
        "rows_before": 1000, "repaired": 0, "newest_on": pd.Timestamp("2026-11-01"), "days_old": 3, "days_usual": 3,
    }  # fmt: skip
    return pd.DataFrame([row | more])


COLUMN = {"feed": "f", "table": "t", "column": "note", "heading": "Note", "n_rows": 1000, "n_filled": 1000,
          "n_rows_before": 1000, "n_filled_before": 1000}  # fmt: skip
CODE = {"feed": "f", "table": "t", "column": "status", "heading": "Status"}


def kinds(feed: pd.DataFrame, columns: list[dict] = (), codes: list[dict] = (), rules: list[dict] = ()) -> list[str]:
    tables = (pd.DataFrame(list(columns), columns=list(COLUMN)),
              pd.DataFrame(list(codes), columns=[*CODE, "code", "n_rows", "n_rows_before"]),
              pd.DataFrame(list(rules), columns=["feed", "rule", "action", "n_rows", "n_rows_before"]))  # fmt: skip
    return find_faults(feed, *tables, POLICY)["kind"].tolist()


def rule(name: str, action: str, n: int) -> dict:
    return {"feed": "f", "rule": name, "action": action, "n_rows": n, "n_rows_before": None}


@pytest.mark.parametrize(
    ("at", "below", "kind"),
    [
        ({"rows_in": 850}, {"rows_in": 851}, "fewer rows"),
        ({"rows_in": 1150}, {"rows_in": 1149}, "more rows"),
        ({"days_old": 10}, {"days_old": 9}, "older than usual"),
        ({"state": "stale", "note": "n"}, {"state": "arrived"}, "did not come"),
        ({"state": "missing", "rows_in": None}, {}, "did not come"),
        ({"state": "held", "note": "n"}, {}, "held"),
    ],
)
def test_a_feed_s_fault_is_said_from_its_limit_on(at: dict, below: dict, kind: str) -> None:
    assert kinds(feed_row(**at)) == [kind]
    assert kinds(feed_row(**below)) == []


@pytest.mark.parametrize(
    ("name", "action", "at", "kind"),
    [
        ("under_ten", "rejected", 10, "rejected"),
        ("duplicate_row", "rejected", 5, "duplicates"),
        ("dates_out_of_order", "flagged", 5, "disagreeing"),
    ],
)
def test_rows_under_a_rule_are_said_from_its_limit_on(name: str, action: str, at: int, kind: str) -> None:
    assert kinds(feed_row(), rules=[rule(name, action, at)]) == [kind]
    assert kinds(feed_row(), rules=[rule(name, action, at - 1)]) == []


def test_a_repeat_let_go_is_not_called_a_rejection() -> None:
    assert kinds(feed_row(), rules=[rule("duplicate_row", "rejected", 40)]) == ["duplicates"]


@pytest.mark.parametrize(
    ("filled", "before", "found"),
    [(900, 1000, ["emptier column"]), (901, 1000, []), (450, 500, ["emptier column"]), (451, 500, [])],
)
def test_a_column_is_emptier_by_the_cells_that_were_filled_before(filled: int, before: int, found: list[str]) -> None:
    assert kinds(feed_row(), [COLUMN | {"n_filled": filled, "n_filled_before": before}]) == found


def test_a_column_that_should_be_full_is_said_to_be_thin_and_an_unstated_one_is_not() -> None:
    thin = COLUMN | {"column": "dob", "n_filled": 940, "n_filled_before": 940}
    assert kinds(feed_row(), [thin]) == ["thin column"]
    assert kinds(feed_row(), [thin | {"n_filled": 950, "n_filled_before": 950}]) == []
    assert kinds(feed_row(), [thin | {"column": "note"}]) == []


def test_a_table_s_own_expectation_goes_before_the_column_s() -> None:
    thin = COLUMN | {"column": "dob", "n_filled": 600, "n_filled_before": 600}
    own = POLICY.model_copy(update={"expected_filled": {"dob": 0.9, "t.dob": 0.5}})
    empty = pd.DataFrame(columns=["feed"])
    columns = pd.DataFrame([thin, thin | {"table": "u"}])
    assert find_faults(feed_row(), columns, empty, empty, own)["column"].tolist() == ["u.dob"]


def test_a_column_emptier_than_before_is_not_also_called_thin() -> None:
    assert kinds(feed_row(), [COLUMN | {"column": "dob", "n_filled": 500}]) == ["emptier column"]


def test_codes_that_moved_by_a_tenth_are_said() -> None:
    def mix(now: int) -> list[dict]:
        return [CODE | {"code": "A", "n_rows": now, "n_rows_before": 500},
                CODE | {"code": "B", "n_rows": 1000 - now, "n_rows_before": 500}]  # fmt: skip

    assert kinds(feed_row(), codes=mix(600)) == ["codes moved"]
    assert kinds(feed_row(), codes=mix(599)) == []
    gone = [CODE | {"code": "A", "n_rows": None, "n_rows_before": 500}, CODE | {"code": "B", "n_rows": 500}]
    assert kinds(feed_row(), codes=gone) == ["codes moved"]


def test_a_feed_of_a_few_rows_says_nothing_of_change() -> None:
    few = feed_row(rows_in=20, rows_before=29)
    small = COLUMN | {"n_rows": 20, "n_filled": 1, "n_rows_before": 29, "n_filled_before": 29}
    assert kinds(few, [small], rules=[rule("duplicate_row", "rejected", 5)]) == []
    assert kinds(few, rules=[rule("under_ten", "rejected", 1)]) == ["rejected"]


def test_weights_order_what_is_said() -> None:
    both = pd.concat([feed_row(state="stale", note="n"), feed_row(feed="police_crimes", days_old=10)])
    assert kinds(both) == ["did not come", "older than usual"]
    heavier = POLICY.model_copy(update={"weights": {"did not come": 0.1, "older than usual": 5}})
    empty = pd.DataFrame(columns=["feed"])
    assert find_faults(both, empty, empty, empty, heavier)["kind"].tolist() == ["older than usual", "did not come"]


def test_the_policy_is_the_workspace_s_own_where_it_has_one(book: Casebook, tmp_path: Path) -> None:
    (tmp_path / "quality").mkdir()
    with pytest.raises(ParamsError):
        check_quality(book, known_at=DELIVERIES[NOVEMBER], params=tmp_path)


def test_feeds_no_mapping_knows_are_said_in_one_sentence() -> None:
    empty = pd.DataFrame(columns=["feed"])
    feeds = pd.concat([feed_row(feed=name, title=name, state="no mapping yet", rows_in=None) for name in "ab"])
    found = find_faults(pd.concat([feeds, feed_row(feed="c", days_old=30)]), empty, empty, empty, POLICY)
    folded = fold_unread(found)
    assert len(found) == 3
    assert [s for s in folded["sentence"] if "not read" in s] == [
        "2 feeds came and were not read, for they have no mapping yet: a, b."
    ]
    assert len(folded) == 2
    assert folded["matters"].is_monotonic_decreasing
    assert_frame_equal(fold_unread(folded), folded)
