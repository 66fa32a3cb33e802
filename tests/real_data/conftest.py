"""One workspace for every test of the whole flow on the real deliveries: briefing it takes most of their time."""

from pathlib import Path

import pytest

from tests.real_data.whole_flow import Flow, make_flow


@pytest.fixture(scope="session")
def flow(extracts: Path, tmp_path_factory: pytest.TempPathFactory) -> Flow:
    """A workspace briefed in October, then loaded and briefed in November; and October's tables of that day."""
    return make_flow(extracts, tmp_path_factory.mktemp("flow") / "ws")
