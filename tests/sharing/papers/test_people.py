"""The police's list beside the matrix: everybody has one place, whoever is listed twice by two references."""

import pandas as pd

from csp_toolkit.sharing.papers.people import find_places


def test_of_one_listed_twice_the_first_place_counts():
    listed = pd.DataFrame({"person_id": ["PER-B", "PER-A", "PER-B"], "place": [3, 1, 2]})
    assert find_places(listed).to_dict() == {"PER-A": 1, "PER-B": 2}
