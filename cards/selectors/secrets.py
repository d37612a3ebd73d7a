"""What may be told of a card's secrets without reading them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce

from cardfleet.kernel.clock import business_day, day_start
from cards.models import Card, CardSecret
from cards.rules.secrets import to_change_on

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


def secrets_to_change(today: date, *, every_days: int, within_days: int) -> Iterator[tuple[int, date]]:
    """Yield the id of each card in somebody's hands with secrets that are to be changed soon or were, and the day.

    Secrets of a card that lies in stock are known to nobody who could use it.
    """
    last = day_start(today + timedelta(days=within_days - every_days + 1))
    blank = Q(**dict.fromkeys(NAMES, ""))
    cards = Card.objects.live().filter(holder__isnull=False, secret__isnull=False)
    stored = CardSecret.objects.exclude(blank).filter(card__in=cards)
    since = stored.annotate(since=Coalesce("changed_at", "card__created_at")).filter(since__lt=last)
    for pk, changed in since.order_by("card_id").values_list("card_id", "since"):
        yield pk, to_change_on(business_day(changed), days=every_days)
