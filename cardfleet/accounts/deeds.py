"""That a person changed something lately: figures kept for a moment are counted anew for whoever did."""

import uuid

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache

from cardfleet.accounts.models import User

REMEMBERED_S = 600


def note_deed(person: User | AnonymousUser) -> None:
    """Remember that a request of the person may have changed something."""
    if person.pk:
        cache.set(_key(person), uuid.uuid4().hex, timeout=REMEMBERED_S)


def last_deed(person: User) -> str:
    """Return a text that is another one after each deed."""
    deed: str = cache.get(_key(person), "")
    return deed


def _key(person: User | AnonymousUser) -> str:
    return f"deed:{person.pk}"
