"""Figures of a large fleet, counted anew at most so often: their page says since when they stand.

Whoever changed something since sees them counted anew, and so does who asks for it; what others do shows within the
time they are kept. A small fleet's are always counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.cache import cache

from cardfleet.accounts.deeds import last_deed
from cardfleet.accounts.models import User

LARGE = 5_000
Made = TypeVar("Made")


@dataclass(frozen=True, kw_only=True)
class Kept(Generic[Made]):
    """What was made, when, and what it was made from beside the tables (`told`)."""

    made: Made
    at: datetime
    told: tuple[Any, ...]


def kept(
    name: str,
    person: User,
    make: Callable[[], tuple[Made, int]],
    *,
    seconds: int,
    now: datetime,
    told: tuple[Any, ...] = (),
    anew: bool = False,
) -> Kept[Made]:
    """Return what `make` gives with the number of cards behind it, or gave so many seconds ago for the same `told`."""
    key, told = f"counted-{name}:{person.pk}", (*told, last_deed(person))
    found: Kept[Made] | None = None if anew else cache.get(key)
    if found is not None and found.told == told:
        return found
    made, cards = make()
    fresh = Kept(made=made, at=now, told=told)
    if cards >= LARGE:
        cache.set(key, fresh, timeout=seconds)
    return fresh
