"""Groups, lines and addresses are counted for what they are."""

import pandas as pd

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages.beyond import groups
from tests.briefing.bundle import chairs_copy

STATES = pd.DataFrame({"state": ["visited", "cleared"], "n_addresses": [9, 22], "n_new": [1, 0]})


def test_addresses_are_counted_and_not_the_states_they_are_in() -> None:
    copy = chairs_copy().with_table("addresses_now", STATES)
    assert "n = 31." in str(groups(Bundle(copy)))
