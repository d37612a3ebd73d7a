"""Rules are pure: their tests need neither a cache nor files, so they run without a server."""

import pytest


@pytest.fixture(autouse=True)
def _own_redis() -> None:
    """Nothing to clear."""


@pytest.fixture(autouse=True)
def _own_files() -> None:
    """Nothing to store."""
