"""What a card has cost since it was bought, for how long it served, how often it was stopped and replaced (R114)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import Coalesce

from billing.choices import COST_KINDS, EntryKind
from billing.models import LedgerEntry
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.money import ZERO, to_fen
from cards.choices import ENDED, STOPPED, Axis
from cards.models import Card, CardChange


@dataclass(frozen=True, kw_only=True)
class Lifetime:
    """A card's costs, CNY: its price, and what it was charged by kind, most first. `months` began or were whole."""

    price: Decimal | None
    charges: Sequence[tuple[EntryKind, Decimal]]
    since: date | None
    months: int
    stops: int
    replaced: int

    @property
    def total(self) -> Decimal:
        """Everything."""
        return (self.price or ZERO) + sum((amount for _kind, amount in self.charges), ZERO)

    @property
    def a_month(self) -> Decimal | None:
        """The mean of a month; None before the first."""
        return to_fen(self.total / self.months) if self.months else None


def lifetime_of(card: Card, *, today: date) -> Lifetime:
    """Return what a card has cost until a day, in four statements."""
    changes = CardChange.objects.standing().filter(card=card, axis=Axis.SERVICE)
    states = list(changes.values_list("from_state", "to_state", "at"))
    since = card.activated_on or card.received_on
    ended = min((business_day(at) for _before, state, at in states if state in ENDED), default=today)
    return Lifetime(
        price=card.purchase_price,
        charges=_charges(card),
        since=since,
        months=months_between(since, min(ended, today)) if since else 0,
        stops=sum(state in STOPPED and before not in STOPPED for before, state, _at in states),
        replaced=card.voided_sims.count(),
    )


def months_between(first: date, last: date) -> int:
    """Return how many calendar months two days lie in, both counted; 0 where they run backwards."""
    return max((last.year - first.year) * 12 + last.month - first.month + 1, 0) if last >= first else 0


def _charges(card: Card) -> list[tuple[EntryKind, Decimal]]:
    spent = (
        LedgerEntry.objects.filter(card=card)
        .order_by()
        .annotate(of=Coalesce("reverses__kind", "kind"))
        .values("of")
        .annotate(sum=Sum("amount"))
        .values_list("of", "sum")
    )
    costs = [(EntryKind(kind), -amount) for kind, amount in spent if kind in COST_KINDS and amount]
    return sorted(costs, key=lambda cost: -cost[1])
