"""Every row in exactly one of accepted, repaired, rejected, withdrawn; and nothing said that must not be."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp_toolkit.records.feeds import map_file, read_feeds
from csp_toolkit.tables.keys import keep_first
from csp_toolkit.tables.validation import REJECTIONS, RULES, Validated, find_under_ten, validate
from csp_toolkit.tables.youth import tenth_birthday_limit

FEEDS = read_feeds()
RECEIVED = date(2026, 11, 20)


def judged(folder: Path, feed: str, *lines: str, received_on: date = RECEIVED) -> Validated:
    path = folder / f"{feed}.csv"
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    return validate(map_file(path, FEEDS[feed]), received_on=received_on)


def counts(v: Validated) -> tuple[int, int, int, int]:
    assert v.accepted + v.repaired + v.rejected + v.withdrawn == v.rows_in
    return v.accepted, v.repaired, v.rejected, v.withdrawn


def said(v: Validated) -> list[tuple[int, str, str]]:
    return list(v.findings[["row", "rule", "action"]].itertuples(index=False, name=None))


def everything_in(v: Validated) -> str:
    return " ".join(frame.to_csv() for frame in (*v.tables.values(), v.findings)) + repr(v) + " ".join(v.notes)


INTEL = "IR URN,Date Submitted,Grade,Subjects,Text,Marking,Status"


@pytest.mark.parametrize("marking", ["SECRET", "TOP SECRET", "secret", "Secret - UK Eyes", "CONFIDENTIAL"])
def test_above_the_marking_leaves_nothing_but_the_row_number(tmp_path: Path, marking: str) -> None:
    v = judged(tmp_path, "police_intel", INTEL, f'1,29/10/2026,2 CP,"42SYN/1/20 CANARY, Al",CANARY,{marking},LIVE')
    assert counts(v) == (0, 0, 1, 0) and said(v) == [(2, "marking_above", "rejected")]
    assert "CANARY" not in everything_in(v)
    assert all(table.empty for table in v.tables.values())


@pytest.mark.parametrize("marking", ["", "OFFICIALLY SECRE", "SECRЕТ", "OK", "UNOFFICIAL"])
def test_a_marking_nobody_knows_is_refused_too(tmp_path: Path, marking: str) -> None:
    v = judged(tmp_path, "police_intel", INTEL, f"1,29/10/2026,2CP,,CANARY,{marking},LIVE")
    assert said(v) == [(2, "marking_unknown", "rejected")] and "CANARY" not in everything_in(v)


@pytest.mark.parametrize(
    "marking", ["OFFICIAL", "OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE PERSONAL DATA", "Official Sensitive"]
)
def test_official_and_its_descriptors_are_accepted(tmp_path: Path, marking: str) -> None:
    assert counts(judged(tmp_path, "police_intel", INTEL, f"1,29/10/2026,2CP,,text,{marking},LIVE")) == (1, 0, 0, 0)


def test_an_old_marking_is_turned_into_todays_and_said(tmp_path: Path) -> None:
    v = judged(tmp_path, "police_intel", INTEL, "1,29/10/2026,2CP,,text,RESTRICTED,LIVE")
    assert counts(v) == (0, 1, 0, 0) and v.tables["intel_reports"]["marking"].tolist() == ["OFFICIAL-SENSITIVE"]


def test_a_withdrawn_report_is_kept_by_reference_and_status_and_loses_its_text(tmp_path: Path) -> None:
    v = judged(
        tmp_path, "police_intel", INTEL, '1,29/10/2026,2 CP,"42SYN/1/20 WOOD, Al",CANARY,OFFICIAL,WITHDRAWN',
        "2,29/10/2026,2CP,,text,OFFICIAL,LIVE",
    )  # fmt: skip
    assert counts(v) == (1, 0, 0, 1) and said(v) == [(2, "withdrawn_by_sender", "withdrawn")]
    assert v.tables["intel_reports"]["status"].tolist() == ["WITHDRAWN", "LIVE"]
    assert v.tables["intel_reports"]["report_text"].fillna("").tolist() == ["", "text"]
    assert "CANARY" not in everything_in(v)


def test_a_withdrawn_report_and_one_about_a_child_in_one_file_both_lose_their_text(tmp_path: Path) -> None:
    path = tmp_path / "police_intel.csv"
    lines = ['1,29/10/2026,2CP,"42SYN/1/20 WOOD, Al",CANARY,OFFICIAL,WITHDRAWN']
    lines += ['2,29/10/2026,2CP,"42SYN/9/20 DALE, Ed",CANARY,OFFICIAL,LIVE', "3,29/10/2026,2CP,,text,OFFICIAL,LIVE"]
    path.write_text("\n".join([INTEL, *lines]), encoding="utf-8")
    known = frozenset({("police", "42SYN/9/20")})
    v = validate(map_file(path, FEEDS["police_intel"]), received_on=RECEIVED, under_ten=known)
    assert counts(v) == (1, 1, 0, 1) and "CANARY" not in everything_in(v)
    assert v.tables["intel_reports"]["report_text"].fillna("").tolist() == ["", "", "text"]


def test_ungraded_intelligence_is_accepted_and_flagged(tmp_path: Path) -> None:
    v = judged(tmp_path, "police_intel", INTEL, "1,29/10/2026,B2,,text,OFFICIAL,LIVE")
    assert counts(v) == (1, 0, 0, 0) and said(v) == [(2, "grade_unreadable", "flagged")]


STOPS = "Search Ref,Date,Age range,Outcome,Nominal URN,Subject DOB"


def test_under_ten_goes_by_the_age_band_and_by_the_rows_own_date_of_birth(tmp_path: Path) -> None:
    v = judged(
        tmp_path,
        "police_stop_search",
        STOPS,
        "S1,2026-10-29T10:00:00+00:00,under 10,Arrest,42SYN/CANARY/20,",
        "S2,2026-10-29T10:00:00+00:00,10-17,Arrest,42SYN/CANARY/20,21/11/2016",
        "S3,2026-10-29T10:00:00+00:00,10-17,Arrest,42SYN/1/20,20/11/2016",
        "S4,2026-10-29T10:00:00+00:00,,Arrest,,",
    )
    assert said(v) == [(2, "under_ten", "rejected"), (3, "under_ten", "rejected")]
    assert counts(v) == (2, 0, 2, 0) and "CANARY" not in everything_in(v)


def test_a_plain_age_counts_only_where_no_date_of_birth_was_sent(tmp_path: Path) -> None:
    heads = "Custody Record No,Detainee URN,DOB,Age,Arrival"
    v = judged(
        tmp_path,
        "police_custody",
        heads,
        "C1,42SYN/1/20,2011-11-19,9,2024-11-08 08:50",
        "C2,42SYN/2/20,,9,2024-11-08 08:50",
    )
    assert said(v) == [(2, "age_disagrees", "flagged"), (3, "under_ten", "rejected")]


@pytest.mark.parametrize(
    ("received", "born", "is_under_ten"),
    [
        (date(2026, 11, 20), "2016-11-20", False), (date(2026, 11, 20), "2016-11-21", True),
        (date(2026, 2, 28), "2016-02-29", True), (date(2026, 3, 1), "2016-02-29", False),
        (date(2028, 2, 29), "2018-02-28", False), (date(2028, 2, 29), "2018-03-01", True),
    ],
)  # fmt: skip
def test_the_tenth_birthday_is_the_day_one_is_ten(received: date, born: str, is_under_ten: bool) -> None:
    assert (pd.Timestamp(born) > tenth_birthday_limit(received)) == is_under_ten


CRIMES = "Crime Ref,Offence,Date From,Knife,Suspects,Victims"


def crime(ref: str, suspects: str = "", victims: str = "", *, day: str = "29/10/2026", knife: str = "") -> str:
    return f'{ref},Robbery,{day},{knife},"{suspects}","{victims}"'


A = "42SYN/1/20 WOOD, Al (01/02/1990) [CHARGED-PRINCIPAL]"
B = "42SYN/2/20 HILL, Bo (01/02/1991) [SUSPECT-SECONDARY]"


def test_a_child_under_ten_is_left_out_of_a_row_that_names_others(tmp_path: Path) -> None:
    child = "42SYN/9/20 CANARY, Ed (01/02/2020)"
    v = judged(tmp_path, "police_crimes", CRIMES, crime("42/00001/26", f"{A}; {child} [SUSPECT-PRINCIPAL]", child))
    assert said(v) == [(2, "part_under_ten", "repaired")] and counts(v) == (0, 1, 0, 0)
    assert v.tables["crime_suspects"]["person_ref"].tolist() == ["42SYN/1/20"]
    assert v.tables["crime_victims"].empty and "CANARY" not in everything_in(v)


def test_a_child_whom_another_file_shows_to_be_under_ten_is_left_out_with_the_free_text(tmp_path: Path) -> None:
    files = {
        "police_nominals": ["NOMINAL URN,SURNAME,DOB", "42SYN/9/20,CANARY,01/02/2020", "42SYN/1/20,WOOD,01/02/1990"],
        "police_intel": [INTEL, '1,29/10/2026,2CP,"42SYN/9/20 CANARY, Ed; 42SYN/1/20 WOOD, Al",CANARY,OFFICIAL,LIVE'],
        "police_orders": ["Order Ref,Order Type,URN,Date Made", "O1,CPW,42SYN/9/20,29/10/2026"],
    }
    mapped = []
    for feed, lines in files.items():
        path = tmp_path / f"{feed}.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        mapped.append(map_file(path, FEEDS[feed]))
    known = find_under_ten(mapped, received_on=RECEIVED)
    assert known == {("police", "42SYN/9/20")}
    nominals, intel, orders = (validate(m, received_on=RECEIVED, under_ten=known) for m in mapped)
    assert said(nominals) == said(orders) == [(2, "under_ten", "rejected")]
    assert said(intel) == [(2, "part_under_ten", "repaired")]
    assert intel.tables["intel_subjects"]["person_ref"].tolist() == ["42SYN/1/20"]
    assert not any("CANARY" in everything_in(v) or "42SYN/9/20" in everything_in(v) for v in (nominals, intel, orders))


def test_ages_and_dates_that_contradict_each_other_are_flagged_and_left(tmp_path: Path) -> None:
    heads = "Custody Record No,Detainee URN,DOB,Age,Arrival,Disposal Date"
    v = judged(
        tmp_path,
        "police_custody",
        heads,
        "C1,42SYN/1/20,2011-11-19,9,2024-11-08 08:50,2024-11-08",
        "C2,42SYN/2/20,2000-11-08,24,2024-11-08 08:50,2024-11-08",
        "C3,42SYN/2/20,2000-11-09,23,2024-11-08 08:50,2024-11-07",
    )
    assert said(v) == [(2, "age_disagrees", "flagged"), (4, "dates_out_of_order", "flagged")]
    assert counts(v) == (3, 0, 0, 0)


def test_one_crime_on_several_rows_is_kept_once_and_its_suspects_are_put_together(tmp_path: Path) -> None:
    v = judged(
        tmp_path, "police_crimes", CRIMES, crime("42/00001/26", A, knife="1"), crime("42/00001/26", B, knife="Y"),
        crime("42/00001/26", B, knife="N"), crime("42/00001/26", A, knife="1"), crime("42/00001/26", A, knife="YES"),
    )  # fmt: skip
    assert v.tables["crimes"]["row"].tolist() == [2]
    assert v.tables["crime_suspects"]["person_ref"].tolist() == ["42SYN/1/20", "42SYN/2/20"]
    assert said(v) == [
        (4, "key_repeated", "rejected"),
        (5, "duplicate_row", "rejected"),
        (6, "key_repeated", "rejected"),
    ]
    assert counts(v) == (2, 0, 3, 0)


def test_rows_of_one_crime_that_disagree_are_flagged(tmp_path: Path) -> None:
    v = judged(
        tmp_path, "police_crimes", CRIMES, crime("42/00001/26", A, knife="Y"), crime("42/00001/26", B, knife="N")
    )
    assert said(v) == [(3, "key_repeated_differs", "flagged")] and counts(v) == (2, 0, 0, 0)
    assert v.tables["crimes"]["has_knife"].tolist() == ["Y"]


def test_broken_rows_spoilt_references_and_later_days_are_rejected(tmp_path: Path) -> None:
    v = judged(
        tmp_path,
        "police_crimes",
        CRIMES,
        crime("42/00001/26") + ",surplus",
        crime("Mar-25"),
        crime("42/00002/26", day=""),
        crime("42/00003/26", day="21/11/2026"),
        crime("42/00004/26", day="20/11/2026"),
        "42/00005/26,Robbery",
    )
    assert said(v) == [
        (2, "row_length", "rejected"), (3, "unreadable_reference", "rejected"), (4, "missing_required", "rejected"),
        (5, "future_date", "rejected"), (7, "row_length", "rejected"),
    ]  # fmt: skip
    assert v.tables["crimes"]["crime_ref"].tolist() == ["42/00004/26"]


def test_a_kind_of_record_the_feed_does_not_map_is_rejected(tmp_path: Path) -> None:
    heads = "Meeting ID,Type,Date,Row,Agency,Attendance,Case No,Decision"
    v = judged(
        tmp_path, "csp_meetings", heads, "M1,INTELLIGENCE,29/10/2026,ATTENDANCE,Police,PRESENT,,",
        "M1,INTELLIGENCE,29/10/2026,LUNCH,,,,", "M1,INTELLIGENCE,29/10/2026,ATTENDANCE,Housing,PRESENT,,",
    )  # fmt: skip
    assert said(v) == [(3, "not_mapped", "rejected")] and len(v.tables["attendance"]) == 2


def test_a_person_without_a_reference_is_left_out_and_said(tmp_path: Path) -> None:
    v = judged(tmp_path, "police_crimes", CRIMES, crime("42/00001/26", "Mar-25 WOOD, Al () [CHARGED-PRINCIPAL]"))
    assert [rule for _, rule, _ in said(v)] == ["part_incomplete", "unreadable_reference"]
    assert counts(v) == (1, 0, 0, 0)


def test_findings_name_rules_that_are_explained_and_each_rejected_row_once(tmp_path: Path) -> None:
    v = judged(tmp_path, "police_intel", INTEL, "1,29/10/2026,2 CP,,=x,SECRET,WITHDRAWN", "1,,,,,,", "1,,,,,,")
    assert set(v.findings["rule"]) <= set(RULES)
    rejected = v.findings[v.findings["action"] == "rejected"]
    assert rejected["row"].is_unique and len(rejected) == v.rejected and set(rejected["rule"]) <= set(REJECTIONS)


REFS = st.sampled_from(["42/00001/26", "42/00002/26", "Mar-25", "", " 42/00001/26"])
DAYS = st.sampled_from(["29/10/2026", "29/10/26", "45597", "01/12/2026", "soon", ""])
PEOPLE = st.sampled_from(["", A, B, f"{A}; {B}", "nobody", "42SYN/3/20 ROSE, Cy (01/01/1900) [CHARGED-PRINCIPAL]",
                          "42SYN/4/20 DALE, Di (01/02/2020) [SUSPECT-PRINCIPAL]"])  # fmt: skip
TAILS = st.sampled_from(["", "", "", ",surplus"])


@given(st.lists(st.tuples(REFS, DAYS, PEOPLE, TAILS), max_size=12))
def test_the_four_counts_always_add_up_and_no_rejected_row_is_in_a_table(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str, str]]
) -> None:
    lines = [crime(ref, people, day=day) + tail for ref, day, people, tail in rows]
    v = judged(tmp_path_factory.mktemp("counts"), "police_crimes", CRIMES, *lines)
    accepted, repaired, rejected, withdrawn = counts(v)
    assert v.rows_in == len(rows) and min(accepted, repaired, rejected, withdrawn) >= 0
    by_action = {action: set(group["row"]) for action, group in v.findings.groupby("action")}
    assert len(by_action.get("rejected", set())) == rejected and len(by_action.get("repaired", set())) == repaired
    kept = set().union(*(set(table["row"]) for table in v.tables.values()))
    assert not kept & by_action.get("rejected", set())
    assert len(kept) == accepted + repaired
    assert v.tables["crimes"]["crime_ref"].is_unique and v.tables["crimes"].notna()["from_on"].all()


def test_judging_changes_nothing_it_is_given(tmp_path: Path) -> None:
    path = tmp_path / "police_crimes.csv"
    path.write_text("\n".join([CRIMES, crime("42/00001/26", A), crime("42/00001/26", A)]), encoding="utf-8")
    mapped = map_file(path, FEEDS["police_crimes"])
    before = {name: table.copy() for name, table in mapped.tables.items()}
    validate(mapped, received_on=RECEIVED)
    for name, table in mapped.tables.items():
        pd.testing.assert_frame_equal(table, before[name])


def test_keeping_the_first_compares_with_the_row_that_was_kept() -> None:
    table = pd.DataFrame({"row": [1, 2, 3, 4, 5], "key": ["a", "a", "a", "b", "a"], "says": ["x", "y", "y", None, "x"]})
    kept, gone, differing = keep_first(table, ("key",))
    assert kept["row"].tolist() == [1, 4] and gone.tolist() == [2, 3, 5] and differing.tolist() == [2, 3]
