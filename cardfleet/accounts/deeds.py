"""That a person changed something lately: figures kept for a moment are counted anew for whoever did."""

import uuid
from contextlib import suppress

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from redis.exceptions import RedisError

from cardfleet.accounts.models import User

REMEMBERED_S = 600


def note_deed(person: User | AnonymousUser) -> None:
    """Remember that a request of the person may have changed something.

    It is stored by then: that Redis is away must not make its answer an error.
    """
    if person.pk:
        with suppress(RedisError):
            cache.set(_key(person), uuid.uuid4().hex, timeout=REMEMBERED_S)


def last_deed(person: User) -> str:
    """Return a text that is another one after each deed."""
    deed: str = cache.get(_key(person), "")
    return deed


def _key(person: User | AnonymousUser) -> str:
    return f"deed:{person.pk}"
