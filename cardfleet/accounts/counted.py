"""Figures of a large fleet, counted anew at most so often: their page says since when they stand.

Whoever changed something since sees them counted anew, and so does who asks for it; what others do shows within the
time they are kept. A small fleet's are always counted. So that nobody waits, a page may show older ones for some
minutes, and ask for newer ones once it is there.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any, Generic, TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

from cardfleet.accounts.deeds import last_deed
from cardfleet.accounts.models import SEES_ALL, User
from cardfleet.accounts.querysets import teams_seen

LARGE = 5_000
UNDER_WAY_S = 20
Made = TypeVar("Made")


@dataclass(frozen=True, kw_only=True)
class Kept(Generic[Made]):
    """What was made, when, and what it was made from beside the tables (`told`).

    `is_old`: its page asks for it anew by itself, and shows this meanwhile.
    """

    made: Made
    at: datetime
    told: tuple[Any, ...]
    is_old: bool = False


def kept(
    name: str,
    person: User,
    make: Callable[[], tuple[Made, int]],
    *,
    seconds: int,
    late: int = 0,
    now: datetime,
    told: tuple[Any, ...] = (),
    anew: bool = False,
    of_scope: bool = False,
) -> Kept[Made]:
    """Return what `make` gives with the number of cards behind it, or gave so many seconds ago for the same `told`.

    What is `of_scope` depends on the teams in sight alone: everybody who sees the same is given the same, and what one
    of them changed does not count it anew. For `late` seconds more it is given as old. While one request counts anew,
    others are given what is kept. Without Redis everything is counted.
    """
    try:
        whose = _scope(person) if of_scope else f"{person.pk}"
        told = told if of_scope else (*told, last_deed(person))
        return _kept(f"counted-{name}:{whose}", make, seconds=seconds, late=late, now=now, told=told, anew=anew)
    except RedisError:
        return Kept(made=make()[0], at=now, told=told)


def _scope(person: User) -> str:
    if person.has_perm(SEES_ALL):
        return "all"
    return f"teams-{blake2b(repr(teams_seen(person)).encode(), digest_size=8).hexdigest()}"


def _kept(
    key: str,
    make: Callable[[], tuple[Made, int]],
    *,
    seconds: int,
    late: int,
    now: datetime,
    told: tuple[Any, ...],
    anew: bool,
) -> Kept[Made]:
    found: Kept[Made] | None = cache.get(key)
    if found is not None and found.told == told:
        age = (now - found.at).total_seconds()
        if not anew and age < seconds + late:
            return replace(found, is_old=age >= seconds)
        if not cache.add(f"{key}:under-way", 1, timeout=UNDER_WAY_S):
            return found
    made, cards = make()
    fresh = Kept(made=made, at=now, told=told)
    if cards >= LARGE:
        cache.set(key, fresh, timeout=seconds + late)
    cache.delete(f"{key}:under-way")
    return fresh
