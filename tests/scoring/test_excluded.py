"""What a person is, where they live and with whom move no score: the columns are shuffled and nothing changes."""

from pandas.testing import assert_frame_equal

from csp_toolkit.scoring.assessment import score
from tests.scoring.real_casebook import MEETINGS, load_deliveries, real_view, shuffle_columns
from tests.scoring.small_views import MATRIX

EXCLUDED = {
    "police_nominals.csv": ["ETH SELF DEF", "ETH OFF DEF", "POSTCODE", "HOME ADDRESS", "HOME DISTRICT", "GENDER"],
    "police_custody.csv": ["Home Address", "Home Area"],
    "police_crimes.csv": ["Location", "Postcode", "Easting", "Northing", "LSOA", "Ward"],
    "police_stop_search.csv": ["Self-defined ethnicity", "Officer-defined ethnicity", "Gender"],
    "childrens_services.csv": ["Home Address", "Placement Postcode", "Gender"],
    "police_missing.csv": ["Home Address"],
}
AS_ORDERED = ["person_ref", "criterion_id", "event_ref", "event_date", "rule", "points"]


def outcome(view):
    """Return scores, ledger and who was left out, by the police's own reference."""
    found = score(view, MATRIX)
    refs = view["reviews"].set_index("person_id")["person_ref"]
    tables = []
    for table in (found.table, found.ledger, found.left_out):
        named = table.assign(person_ref=table["person_id"].map(refs)).drop(columns="person_id")
        order = [column for column in AS_ORDERED if column in named]
        tables.append(named.sort_values(order, kind="stable").reset_index(drop=True))
    return tables


def test_shuffling_ethnicity_addresses_and_homes_leaves_every_score_as_it_was(tmp_path) -> None:
    before = outcome(real_view("2026-11"))
    shuffled = shuffle_columns(tmp_path / "extracts", EXCLUDED, seed=3)
    after = outcome(load_deliveries(shuffled, tmp_path / "casebook.sqlite").view(MEETINGS["2026-11"]))
    for one, other in zip(before, after, strict=True):
        assert len(one) > 20
        assert_frame_equal(one, other, check_exact=True)


def test_the_shuffle_can_move_a_score(tmp_path) -> None:
    """The same shuffle of a column that counts changes scores: the test above can fail."""
    shuffled = shuffle_columns(tmp_path / "extracts", {"police_crimes.csv": ["Outcome"]}, seed=3)
    after = outcome(load_deliveries(shuffled, tmp_path / "casebook.sqlite").view(MEETINGS["2026-11"]))
    assert not outcome(real_view("2026-11"))[0]["score"].equals(after[0]["score"])
