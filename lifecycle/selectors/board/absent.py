"""Who is away today, and how many cards lie idle for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from agents.choices import AgentStatus
from agents.models import Absence
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cards.models import Card

SHOWN = 6


@dataclass(frozen=True, kw_only=True)
class Away:
    """One agent who is away, until a day that is included, with how many cards in service lie in their hands."""

    agent_id: int
    name: str
    staff_no: str
    team: str
    kind: str
    until: date
    cards: int


@dataclass(frozen=True, kw_only=True)
class Absent:
    """All who are away; `first` are those with most cards."""

    people: int
    cards: int
    first: Sequence[Away]


def absent_today(user: User, *, now: datetime) -> Absent:
    """Return the agents of a person's scope who are away today, in one statement."""
    held = Card.objects.in_service().filter(holder=OuterRef("agent__user")).order_by().values("holder")
    found = Absence.objects.on(business_day(now)).visible_to(user).exclude(agent__status=AgentStatus.LEFT)
    rows = list(
        found.annotate(cards=Coalesce(Subquery(held.annotate(count=Count("pk")).values("count")), 0))
        .order_by("-cards", "agent__user__name")
        .values_list(
            *("agent_id", "agent__user__name", "agent__user__staff_no", "agent__user__team__name"),
            *("kind", "ends_on", "cards"),
        )
    )
    return Absent(people=len(rows), cards=sum(row[-1] for row in rows), first=[_away(*row) for row in rows[:SHOWN]])


def _away(*row: Any) -> Away:
    agent_id, name, staff_no, team, kind, until, cards = row
    return Away(
        agent_id=agent_id, name=name, staff_no=staff_no or "", team=team or "", kind=kind, until=until, cards=cards
    )
