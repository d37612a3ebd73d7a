"""What an agent's cards cost, charge by charge, and by what tariff: for the agent's own eyes (R68, R81, R82)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import TypeVar

from django.db.models import Q, Sum

from agents.models import Agent, Assignment
from billing.choices import COST_KINDS, EntryKind
from billing.models import LedgerEntry, UsageCharge
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day, month_bounds, month_start, next_month
from cardfleet.kernel.money import ZERO
from cards.models import Card, PlanPrice

Row = TypeVar("Row", UsageCharge, LedgerEntry)


@dataclass(frozen=True, kw_only=True)
class CardCharges:
    """What one card was charged in a month, CNY and positive: its calls by day, and its entries on the account.

    `entries` are whole, though others may have held the card for a part of the month; `days` is how many days of it
    the agent did. `tariff` is the price of the plan at the end of the month, where one is known.
    """

    card: Card
    days: int
    calls: Sequence[UsageCharge]
    entries: Sequence[LedgerEntry]
    tariff: PlanPrice | None

    @property
    def call_cost(self) -> Decimal:
        """What the agent's calls cost."""
        return sum((row.amount for row in self.calls), ZERO)

    @property
    def entry_cost(self) -> Decimal:
        """What was charged beside calls; what was paid back is off."""
        return -sum((entry.amount for entry in self.entries), ZERO)

    @property
    def lines(self) -> Sequence[tuple[LedgerEntry, Decimal]]:
        """Each entry with what it cost."""
        return [(entry, -entry.amount) for entry in self.entries]

    @property
    def total(self) -> Decimal:
        """Everything."""
        return self.call_cost + self.entry_cost


def own_charges(user: User, month: date, *, now: datetime) -> Sequence[CardCharges]:
    """Return the charges of a month on the cards a person held in it. A fixed number of queries."""
    agent = Agent.objects.filter(user=user).first()
    if agent is None:
        return []
    held = _held(agent, month)
    ids = list({assignment.card_id: None for assignment in held})
    calls = _by_card(
        UsageCharge.objects.filter(
            agent=agent, counts=True, card__in=ids, day__gte=month, day__lt=next_month(month), amount__gt=0
        ).order_by("card_id", "day")
    )
    entries = _by_card(LedgerEntry.objects.filter(_CHARGED, card__in=ids, month=month).order_by("card_id", "at", "id"))
    cards = {assignment.card_id: assignment.card for assignment in held}
    tariffs = prices_on([card.plan_id for card in cards.values() if card.plan_id], _last_day(month, now))
    return [
        CardCharges(
            card=card,
            days=_days([one for one in held if one.card_id == pk], month, now),
            calls=calls.get(pk, []),
            entries=entries.get(pk, []),
            tariff=tariffs.get(card.plan_id or 0),
        )
        for pk, card in cards.items()
    ]


# Calls are told day by day.
_BESIDE_CALLS = COST_KINDS - {EntryKind.USAGE}
_CHARGED = Q(kind__in=_BESIDE_CALLS) | Q(kind=EntryKind.REVERSAL, reverses__kind__in=_BESIDE_CALLS)


def prices_on(plan_ids: Collection[int], day: date) -> dict[int, PlanPrice]:
    """Return the price of each plan in force on a day, by plan id, where one is."""
    in_force = Q(effective_from__lte=day) & (Q(effective_to__isnull=True) | Q(effective_to__gt=day))
    return {price.plan_id: price for price in PlanPrice.objects.filter(in_force, plan__in=plan_ids)}


def call_costs(card_ids: Collection[int], *, today: date) -> dict[int, Decimal]:
    """Return what calls of each card cost in the month of `today` so far, by card id, CNY."""
    charged = UsageCharge.objects.filter(card__in=card_ids, counts=True, day__gte=month_start(today), day__lte=today)
    return dict(charged.values("card_id").annotate(cost=Sum("amount")).values_list("card_id", "cost"))


def _held(agent: Agent, month: date) -> list[Assignment]:
    start, end = month_bounds(month)
    standing = Assignment.objects.filter(agent=agent, undone_at__isnull=True, started_at__lt=end)
    within = standing.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=start))
    return list(within.select_related("card__carrier", "card__plan").order_by("started_at", "id"))


def _days(held: Sequence[Assignment], month: date, now: datetime) -> int:
    """Return on how many days of a month, of those that have come, an agent held a card."""
    days: set[date] = set()
    last = _last_day(month, now)
    for one in held:
        day = max(business_day(one.started_at), month)
        end = min(business_day(one.ended_at), last) if one.ended_at else last
        while day <= end:
            days.add(day)
            day += timedelta(days=1)
    return len(days)


def _last_day(month: date, now: datetime) -> date:
    return min(next_month(month) - timedelta(days=1), max(business_day(now), month))


def _by_card(rows: Iterable[Row]) -> dict[int | None, list[Row]]:
    return {card: list(own) for card, own in groupby(rows, key=lambda row: row.card_id)}
