"""Rules are pure: their tests need neither a cache nor files, so they run without a server."""

import pytest
from hypothesis import settings

settings.register_profile("rules", deadline=None)
settings.load_profile("rules")


@pytest.fixture(autouse=True)
def _own_redis() -> None:
    """Nothing to clear."""


@pytest.fixture(autouse=True)
def _own_files() -> None:
    """Nothing to store."""
