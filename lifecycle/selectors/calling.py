"""What agents see of the cards in their hands: may they call now, what do they cost (R31, R68)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, Subquery, prefetch_related_objects

from agents.models import Agent, Assignment
from agents.selectors.confirmations import unconfirmed
from billing.rules.forecast import month_end
from billing.rules.runway import Money, runway_days
from billing.selectors.balances import Balance, balances
from billing.selectors.budgets import card_budgets
from billing.selectors.missed import Missed, missed_on
from billing.selectors.own_charges import call_costs, prices_on
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.money import ZERO
from cards.models import Card, PlanPrice
from lifecycle.models import Alert
from lifecycle.rules.allowance import Allowance, Standing, allowance
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.standing import Words, in_words
from lifecycle.selectors.facts import facts_of, ground_at, inputs_of
from lifecycle.selectors.rules import current_book


@dataclass(frozen=True, kw_only=True)
class HeldCard:
    """A card in somebody's hands, as that person sees it; money in CNY.

    `forecast` is the cost at the end of the month at the present pace, `days_left` whole days of validity,
    `budget` what the card may cost this month, where somebody set that.
    """

    card: Card
    assignment: Assignment
    allowance: Allowance
    balance: Balance | None
    runway: int | None
    month_cost: Decimal
    minutes_month: int
    bundle_minutes: int | None
    words: Words
    forecast: Decimal
    days_left: int | None
    tariff: PlanPrice | None
    budget: Decimal | None = None

    @property
    def minutes_left(self) -> int | None:
        """Minutes of the bundle that are left; None without a bundle."""
        return None if self.bundle_minutes is None else max(self.bundle_minutes - self.minutes_month, 0)


@dataclass(frozen=True, kw_only=True)
class MyCards:
    """What an agent's page shows."""

    held: Sequence[HeldCard]
    waiting: Sequence[Assignment]
    alerts: Sequence[Alert]
    missed: Sequence[Missed]
    to_confirm: frozenset[int]


def my_cards(user: User, *, now: datetime) -> MyCards:
    """Return the cards in a person's hands, those to accept, and open alerts about them. A fixed number of queries."""
    # Each is looked up by its index: through the relations all open alerts of the fleet would be joined first.
    me = Subquery(Agent.objects.filter(user=user).values("pk")[:1])
    # A table more doubles the time that the plan takes, which is longer than the answer.
    card = ("card__carrier", "card__plan", "card__contract", "card__registrant")
    open_now = list(
        Assignment.objects.open().filter(agent=me).select_related(*card).order_by("started_at", "pk"),
    )
    waiting = [held for held in open_now if not held.accepted_at]
    prefetch_related_objects(waiting, "handed_by", "handover")
    mine = Q(agent=me) | Q(card__in=[held.card_id for held in open_now])
    alerts = list(Alert.objects.open().filter(mine).select_related("card").order_by("due_at", "-id"))
    return MyCards(
        held=held_cards(open_now, now=now),
        waiting=waiting,
        alerts=alerts,
        missed=missed_on(open_now, now=now),
        to_confirm=unconfirmed([held.card_id for held in open_now], user, today=business_day(now)),
    )


def held_cards(assignments: Sequence[Assignment], *, now: datetime) -> list[HeldCard]:
    """Return what each open assignment's card may still do; its card's relations must be joined."""
    ids = [held.card_id for held in assignments]
    known, ground, shown = inputs_of(ids, now=now), ground_at(now), balances(ids)
    book, called = current_book(business_day(now)), call_costs(ids, today=business_day(now))
    budgets = card_budgets(ids, today=business_day(now))
    tariffs = prices_on([held.card.plan_id for held in assignments if held.card.plan_id], business_day(now))
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
                month_cost=(cost := facts.fees_month or ZERO),
                minutes_month=int(facts.minutes_month or 0),
                bundle_minutes=facts.bundle_minutes,
                words=in_words(
                    held.card.service_state,
                    stop_reason=held.card.stop_reason,
                    custody_state=held.card.custody_state,
                ),
                forecast=month_end(so_far=cost, calls=called.get(held.card_id, ZERO), today=facts.today),
                days_left=(held.card.expires_on - facts.today).days if held.card.expires_on else None,
                tariff=tariffs.get(held.card.plan_id or 0),
                budget=budgets.get(held.card_id),
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
