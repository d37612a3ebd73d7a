"""What may be told of a card's secrets without reading them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Value, When

from cards.models import Card, CardSecret

NAMES = ("pin1", "puk1", "pin2", "puk2", "service_password")


@dataclass(frozen=True, kw_only=True)
class SecretFacts:
    """Which secrets are stored, when one was last changed, and how many wrong tries PIN1 and PUK1 still bear."""

    stored: frozenset[str] = frozenset()
    changed_at: datetime | None = None
    pin_tries_left: int = 3
    puk_tries_left: int = 10


def secret_facts(card: Card) -> SecretFacts:
    """Return what is known of the secrets of a card; none is read, so none is decrypted."""
    there = {f"has_{name}": Case(When(**{name: ""}, then=Value(0)), default=Value(1)) for name in NAMES}
    known: Mapping[str, Any] | None = (
        CardSecret.objects.filter(card=card)
        .annotate(**there)
        .values("changed_at", "pin_tries_left", "puk_tries_left", *there)
        .first()
    )
    if known is None:
        return SecretFacts()
    return SecretFacts(
        stored=frozenset(name for name in NAMES if known[f"has_{name}"]),
        changed_at=known["changed_at"],
        pin_tries_left=known["pin_tries_left"],
        puk_tries_left=known["puk_tries_left"],
    )
