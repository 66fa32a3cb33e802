"""What every test may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.real_data_home import REPOSITORY
from tests.real_data_home import extracts as find_extracts

# A seeded sample on every run; `make prove` asks for the rest with CSP_PROVE=1.
settings.register_profile(
    "sample", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("prove", parent=settings.get_profile("sample"), max_examples=10_000)
settings.load_profile("prove" if os.environ.get("CSP_PROVE") == "1" else "sample")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def extracts() -> Path:
    """The partner extracts; skips where there are none."""
    return find_extracts()


@pytest.fixture(scope="session")
def proving() -> bool:
    """Whether the full proof was asked for (`make prove`) rather than a sample of it."""
    return os.environ.get("CSP_PROVE") == "1"
