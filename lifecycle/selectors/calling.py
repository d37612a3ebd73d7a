"""What agents see of the cards in their hands: may they call now, what do they cost (R31, R68)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from agents.models import Assignment
from billing.rules.runway import Money, runway_days
from billing.selectors.balances import Balance, balances
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.money import ZERO
from cards.models import Card
from lifecycle.models import Alert
from lifecycle.rules.allowance import Allowance, Standing, allowance
from lifecycle.rules.facts import CardFacts
from lifecycle.selectors.facts import facts_of, ground_at, inputs_of
from lifecycle.selectors.rules import rule_book


@dataclass(frozen=True, kw_only=True)
class HeldCard:
    """A card in somebody's hands, as that person sees it; money in CNY."""

    card: Card
    assignment: Assignment
    allowance: Allowance
    balance: Balance | None
    runway: int | None
    month_cost: Decimal
    minutes_month: int
    bundle_minutes: int | None


@dataclass(frozen=True, kw_only=True)
class MyCards:
    """What an agent's page shows."""

    held: Sequence[HeldCard]
    waiting: Sequence[Assignment]
    alerts: Sequence[Alert]


def my_cards(user: User, *, now: datetime) -> MyCards:
    """Return the cards in a person's hands, those to accept, and open alerts about them. A fixed number of queries."""
    card = ("card__carrier", "card__plan", "card__contract", "card__registrant", "card__holder")
    open_now = list(
        Assignment.objects.open()
        .filter(agent__user=user)
        .select_related(*card, "handed_by", "handover")
        .order_by("started_at", "pk")
    )
    mine = Q(agent__user=user) | Q(card__holder=user)
    alerts = list(Alert.objects.open().filter(mine).select_related("card").order_by("due_at", "-id"))
    return MyCards(
        held=held_cards(open_now, now=now),
        waiting=[held for held in open_now if not held.accepted_at],
        alerts=alerts,
    )


def held_cards(assignments: Sequence[Assignment], *, now: datetime) -> list[HeldCard]:
    """Return what each open assignment's card may still do; its card's relations must be joined."""
    ids = [held.card_id for held in assignments]
    known, ground, shown = inputs_of(ids, now=now), ground_at(now), balances(ids)
    book = rule_book(business_day(now))
    cards = []
    for held in assignments:
        facts = facts_of(known[held.card_id], ground)
        broken = book.broken(held.card)
        cards.append(
            HeldCard(
                card=held.card,
                assignment=held,
                allowance=allowance(
                    facts, book.choices(held.card), _standing(held.card, held), day=ground.day, broken=broken
                ),
                balance=shown.get(held.card_id) if facts.balance is not None else None,
                runway=_runway(facts),
                month_cost=facts.fees_month or ZERO,
                minutes_month=int(facts.minutes_month or 0),
                bundle_minutes=facts.bundle_minutes,
            )
        )
    return cards


def _runway(facts: CardFacts) -> int | None:
    if facts.balance is None:
        return None
    money = Money(balance=facts.balance, credit_limit=facts.credit_limit or ZERO, daily_burn=facts.daily_burn)
    return runway_days(money)


def _standing(card: Card, held: Assignment) -> Standing:
    return Standing(
        accepted=held.accepted_at is not None,
        custody_state=card.custody_state,
        direction=card.direction,
        purpose=card.purpose,
        hours_from=card.hours_from,
        hours_to=card.hours_to,
    )
