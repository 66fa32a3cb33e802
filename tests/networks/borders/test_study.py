"""The whole study of one small view: every measure has its sentence, and what is not there is said to be so."""

from dataclasses import replace

import pandas as pd

from csp_toolkit.networks.borders.asks import KINDS
from csp_toolkit.networks.borders.study import study_borders
from csp_toolkit.networks.policy import read_tie_policy
from csp_toolkit.networks.ties import collect_ties
from tests.networks.small_borders import FAR, NEAR, arrest, make_areas, make_policy
from tests.networks.small_views import crime, joined, make_view
from tests.networks.test_lines import NEW, OLD, SHARED


def study(view: object, since: str | None = None) -> object:
    """Study a view among the three areas."""
    ties = collect_ties(view, read_tie_policy())
    day = None if since is None else pd.Timestamp(since)
    return study_borders(view, ties, areas=make_areas(), policy=make_policy(), seed=1, since=day)


def some_view() -> object:
    """Return a view with a crime across a border, a rebrand, a missing child and an arrest nobody handed over."""
    return make_view(
        **joined(crime("1", "P", "Q", on="2026-11-01", area="Here"), crime("2", "Q", on="2026-03-01", area="Here")),
        custody=[arrest("P", "2026-11-02", "Far", "1"), arrest("Q", "2026-02-01", "Near")],
        lines=[OLD, NEW], line_people=SHARED,
        missing_episodes=[{"missing_ref": "M", "person_id": "K", "reported_at": "2026-06-01 09:00", "dob": "2012-01-01",
                           "found_at": "2026-06-02 09:00", "found_area": "Far", "had_interview": "N"}],
    )  # fmt: skip


def test_every_measure_has_a_row_a_sentence_and_what_is_not_known() -> None:
    borders = study(some_view())
    assert borders.table["id"].tolist() == [f"XB{n}" for n in range(1, 12)]
    assert borders.table["sentence"].str.endswith(".").all() and borders.table["n_unknown"].ge(0).all()
    assert borders.table["unknown_is"].str.len().gt(5).all()
    assert "XB11" in borders._repr_html_() and "P" not in repr(borders)


def test_with_no_records_at_all_nothing_is_assessed_and_nothing_is_asked() -> None:
    borders = study(make_view())
    assert set(borders.table["state"]) == {"not assessed"} and borders.asks.empty


def test_a_neighbour_is_asked_one_plain_question_first_and_those_with_most_unknown_come_first() -> None:
    asks = study(some_view()).asks
    assert asks.loc[asks["is_first"] == "Y", "area"].tolist() == list(dict.fromkeys(asks["area"]))
    assert asks.groupby("area")["is_first"].apply(lambda flags: (flags == "Y").sum()).eq(1).all()
    summed = asks.groupby("area")["n_unknown"].sum()
    assert (asks.set_index("area")["n_unknown_in_all"] == summed.reindex(asks["area"])).all()
    far = asks[asks["area"] == FAR]
    assert set(far["kind"]) == {"no handover on record", "children found there", "line under a new name"}
    assert far["ask"].iloc[0] == "Ask Far (Their Police)" and asks[asks["area"] == NEAR]["ask"].iloc[0] == "Ask Near"
    assert asks["question"].str.endswith(("?", ".")).all() and set(asks["kind"]) <= set(KINDS)


def test_no_question_speaks_of_guilt_and_the_one_without_counts_has_none() -> None:
    asks = study(some_view()).asks
    guilty = r"(?i)\b(?:offend|suspect|guilt|criminal|gang|dangerous|dealer)"
    assert not asks["question"].str.contains(guilty).any()
    counted = asks[asks["kind"].isin(["no handover on record", "handover not acknowledged", "children found there"])]
    assert (
        not counted["question_without_counts"].str.contains(r"\d+ (?:people|times|handovers)|\bonce\b|a person").any()
    )


def test_a_link_is_new_when_nobody_was_in_it_before_in_the_window() -> None:
    borders = study(some_view(), since="2026-10-01")
    assert borders.new_links[["home", "n_people"]].to_numpy().tolist() == [[FAR, 1]]
    assert study(some_view()).new_links.empty


def test_the_same_seed_and_another_order_of_rows_give_the_same_study() -> None:
    view = some_view()
    tables = {name: frame.iloc[::-1].reset_index(drop=True) for name, frame in view.tables.items()}
    turned = replace(view, tables=tables)
    one, other = study(view), study(turned)
    pd.testing.assert_frame_equal(one.table, other.table)
    pd.testing.assert_frame_equal(one.asks, other.asks)
    pd.testing.assert_frame_equal(one.co_arrests, other.co_arrests)


def test_a_name_that_no_list_of_areas_holds_is_counted_and_said() -> None:
    view = make_view(
        **crime("1", "P", on="2026-11-01", area="Atlantis"), custody=[arrest("P", "2026-11-02", "Far", "1")]
    )
    assert study(view).unread.to_dict() == {"Atlantis": 1}
