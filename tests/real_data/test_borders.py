"""Borders on the two deliveries: the rebranded line is suggested, and counts agree with the partners' own files."""

import csv
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from csp_toolkit.networks.borders.areas import read_areas
from csp_toolkit.networks.borders.policy import read_border_policy
from csp_toolkit.networks.borders.study import Borders, study_borders
from csp_toolkit.networks.policy import read_tie_policy
from csp_toolkit.networks.ties import collect_ties
from csp_toolkit.params import packaged
from csp_toolkit.sharing.released import release
from tests.scoring.real_casebook import real_view
from tests.sharing.border_partnership import border_papers

POLICY = read_border_policy()
SINCE, UNTIL = pd.Timestamp("2025-11-27"), pd.Timestamp("2026-11-26")


def study(month: str) -> Borders:
    """Study one meeting's view."""
    view = real_view(month)
    ties = collect_ties(view, read_tie_policy())
    return study_borders(view, ties, areas=read_areas(), policy=POLICY, seed=1, since=pd.Timestamp(date(2026, 10, 29)))


@pytest.fixture(scope="module")
def november() -> Borders:
    """Study the November meeting."""
    return study("2026-11")


def raw(extracts: Path, name: str) -> pd.DataFrame:
    """Read a partner's file as text, by nothing of ours."""
    with (extracts / "2026-11" / name).open(encoding="utf-8-sig", newline="") as file:
        return pd.DataFrame(list(csv.DictReader(file)))


def test_the_line_that_came_back_under_a_new_name_is_the_one_suggestion(november: Borders) -> None:
    assert november.rebrands.table[["old_brand", "new_brand"]].to_numpy().tolist() == [["Dexter", "Milo"]]
    assert len(november.rebrands.considered) > 30
    assert "2 people recorded in both lines" in november.rebrands.table.iloc[0]["sentence"]


def test_a_month_before_there_was_no_new_line_and_no_suggestion() -> None:
    assert study("2026-10").rebrands.table.empty


def test_every_measure_is_assessed_and_prints_what_is_not_known(november: Borders) -> None:
    assert set(november.table["state"]) == {"assessed"}
    assert november.homes.unread.empty, "an area of the deliveries is in no list"


def test_missing_people_were_found_where_the_police_file_says(november: Borders, extracts: Path) -> None:
    sent = raw(extracts, "police_missing.csv")
    day = pd.to_datetime(sent["Reported"], format="%d-%b-%Y %H:%M", errors="coerce").dt.normalize()
    kept = sent[day.between(SINCE, UNTIL) & sent["Found District"].ne("")]
    ours = november.found.table.set_index("area")["n_episodes"].rename(november.areas.name_of)
    theirs = kept["Found District"].value_counts()
    # Rows of children under ten are refused at the door, and a few dates are written another way.
    assert abs(int(ours.sum()) - len(kept)) <= 0.06 * len(kept)
    assert all(abs(ours[name] - n) <= max(3, 0.1 * n) for name, n in theirs.items() if name in ours.index and name)


def test_the_reach_of_lines_is_that_of_the_police_file(november: Borders, extracts: Path) -> None:
    sent = raw(extracts, "police_lines.csv").set_index("LINE REF")
    hosts = sent["HOST AREAS"].str.split(r"\s*[;/,]\s*", regex=True)
    theirs = pd.Series({ref: len({*hosts[ref], sent.at[ref, "HOME AREA"]} - {"", "UNK"}) for ref in sent.index})
    ours = november.reach.table.set_index("line_ref")["n_districts"]
    assert ours.reindex(theirs.index).tolist() == theirs.tolist()


def test_the_inflow_agrees_with_a_count_over_the_view_by_other_means(november: Borders) -> None:
    events = november.activity.table
    here = events[events["area"] == november.areas.here]
    homes = here.groupby("person_id")["home"].agg(set)
    elsewhere = homes.map(lambda of: bool(of - {november.areas.here, "UNK", "NFA"})).sum()
    assert november.flows.inflow["n_part"] == elsewhere > 50
    assert november.flows.inflow["n_unknown"] == homes.map(lambda of: of == {"UNK"}).sum()


def test_the_home_of_an_arrest_is_what_was_said_at_it(november: Borders, extracts: Path) -> None:
    sent = raw(extracts, "police_custody.csv").set_index("Custody Record No")["Home Area"]
    arrests = november.activity.table[november.activity.table["kind"] == "arrest"].set_index("event_ref")
    both = arrests.join(sent, how="inner")
    said = both[both["Home Area"].isin(["Hackney", "Thurrock", "Southend-on-Sea", "Castle Point"])]
    names = said["home"].map(november.areas.name_of)
    agreeing = (names == said["Home Area"]) | (said["home_source"] == "two areas said on one day")
    assert len(said) > 80 and agreeing.all()


def test_handovers_are_the_actions_under_their_code(november: Borders, extracts: Path) -> None:
    sheet = pd.read_excel(extracts / "2026-11" / "csp_actions.xlsx", sheet_name="Actions", header=3)
    agreed = pd.to_datetime(sheet["Set"], errors="coerce", dayfirst=True)
    theirs = sheet[(sheet["Code"] == POLICY.handover_code) & agreed.between(SINCE, UNTIL)]
    assert set(november.handovers.table["action_ref"]) >= set(theirs["Action ID"])


def test_no_name_stands_in_any_sentence_of_the_study(november: Borders) -> None:
    people = real_view("2026-11").people.dropna(subset=["family_name", "given_name"])
    said = " ".join(
        [*november.table["sentence"], *november.asks["question"], *november.rebrands.table["sentence"]]
    ).upper()
    pairs = zip(people["given_name"].str.upper(), people["family_name"].str.upper(), strict=True)
    assert [
        n for n, (given, family) in enumerate(pairs) if f"{given} {family}" in said or f"{family}, {given}" in said
    ] == []


def test_the_county_copy_of_the_real_papers_names_no_child_and_says_what_is_not_known(november: Borders) -> None:
    view = real_view("2026-11")
    copy = release(border_papers(view, november), recipient="county_police", view=view, params=packaged("params"))
    children = copy["crossing"][copy["crossing"]["is_child"] == "Y"]
    assert len(children) > 5 and children["name"].str.fullmatch(r"(?:\S{1,3}\.\s?){1,4}").all()
    assert copy.recipient["n_named"] > 50 and copy["measures"]["n_unknown"].sum() > 0
    assert copy["rebrands"]["new_brand"].tolist() == ["Milo"]
    flows = copy["flows"]
    assert set(flows.loc[flows["n_people"] < 3, "n_shown"]) == {"1–2"}
