"""The whole demo fleet, written in one transaction: all of it or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from agents.models import Agent
from cards.models import Card
from lifecycle.demo.affairs import write_affairs
from lifecycle.demo.bills import write_bills
from lifecycle.demo.blueprint import Blueprint, draw
from lifecycle.demo.budgets import write_budgets, write_centres, write_top_ups
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.cases import write_cases
from lifecycle.demo.claims import write_claims
from lifecycle.demo.desk import write_desk
from lifecycle.demo.history import History
from lifecycle.demo.holders import write_holders
from lifecycle.demo.money import open_shared, write_money
from lifecycle.demo.months import close_months
from lifecycle.demo.papers import write_papers
from lifecycle.demo.people import write_staff
from lifecycle.demo.personal import write_personal
from lifecycle.demo.registrations import write_registrations
from lifecycle.demo.shelves import write_shelves
from lifecycle.demo.stock import is_demo, write_catalogue
from lifecycle.demo.timeline import Event, Kind, events
from lifecycle.demo.usage import write_usage
from lifecycle.demo.work import write_work
from lifecycle.errors import NotADemo

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large a fleet, how long a past, and the seed that makes it the same each time."""

    cards: int = 500
    agents: int = 60
    days: int = 90
    seed: int = 7


@dataclass(frozen=True, kw_only=True)
class Seeded:
    """How much there is."""

    cards: int
    agents: int
    calls: int


@transaction.atomic
def seed_fleet(*, size: Size, on: date, moment: datetime, password: str, tell: Tell = lambda _text: None) -> Seeded:
    """Write the fleet as of a moment of the reference day; reference data must be loaded.

    NotADemo when there are cards or agents already that this did not make.
    """
    if Card.objects.exists() or Agent.objects.exists():
        raise NotADemo
    calendar = Calendar(on=on, moment=moment, days=size.days)
    blueprint = draw(cards=size.cards, agents=size.agents, days=size.days, seed=size.seed)
    tell("people")
    staff = write_staff(blueprint.agents, calendar, password)
    tell("cards")
    write_catalogue(calendar)
    history = History(staff=staff, calendar=calendar)
    history.unfold(_with_opening(blueprint, calendar))
    open_shared(calendar, staff.finance)
    tell("calls")
    calls = write_usage(blueprint, calendar, staff.supervisor)
    tell("money")
    plans = {history.cards[plan.index].pk: plan for plan in blueprint.cards}
    write_money(plans, calendar, staff.finance)
    write_bills(calendar, staff.finance)
    write_papers(calendar, staff.supervisor)
    write_shelves(calendar, staff.supervisor)
    write_affairs(calendar, staff)
    write_top_ups(calendar, staff)
    write_centres(calendar, staff)
    write_budgets(calendar, staff)
    write_holders(calendar, staff)
    write_personal(calendar, staff)
    write_cases(calendar, staff)
    write_desk(calendar, staff)
    write_work(calendar, staff)
    write_registrations(calendar, staff)
    write_claims(calendar, staff)
    close_months(calendar, staff.finance)
    return Seeded(cards=len(plans), agents=len(staff.agents), calls=calls)


def _with_opening(blueprint: Blueprint, calendar: Calendar) -> list[Event]:
    there = [card for card in blueprint.cards if card.arrives is None]
    opening = [Event(kind=Kind.ARRIVE, at=calendar.opening, card=card) for card in there]
    return [*opening, *events(blueprint, calendar)]


def is_seeded() -> bool:
    """Whether there is a demo fleet, and nothing else."""
    return Card.objects.exists() and is_demo()
