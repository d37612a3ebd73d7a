"""The embedded PostgreSQL and Redis of the demo, development and tests."""

from pathlib import Path


def prepare_environment(home: Path) -> None:
    """Give the process DATABASE_URL, REDIS_URL and keys where they are unset."""
