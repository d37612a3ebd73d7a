"""Reference data (roles, rule kinds, illustrative rules): loaded by `manage.py load_reference`, as often as wished.

Each app registers its loaders in a module named `reference`. It is no data migration, so that a test which
empties the tables can load it again.
"""

from datetime import datetime
from typing import Protocol


class Loader(Protocol):
    """Writes what is missing and mends what changed, in its own transaction; a second run changes nothing."""

    def __call__(self, *, now: datetime) -> None: ...


_loaders: dict[str, Loader] = {}


def register(name: str, loader: Loader) -> None:
    """Make a loader known under a name as `cards.rules`; the same name twice is a defect."""
    if name in _loaders:
        raise ValueError(f"reference data {name} is registered twice")
    _loaders[name] = loader


def load(*, now: datetime) -> list[str]:
    """Run all loaders, lower apps first, and return their names."""
    for loader in _loaders.values():
        loader(now=now)
    return list(_loaders)
