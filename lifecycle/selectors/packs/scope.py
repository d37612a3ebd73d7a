"""Whose evidence a pack holds: the cards in the asker's scope, a span of time, and how names and numbers are shown."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agents.models import Assignment
from cardfleet.accounts.models import Team, User
from cardfleet.kernel.clock import business_day, day_start
from cardfleet.kernel.errors import Text
from cardfleet.kernel.spreadsheets import Column, ColumnKind, Value
from cards.choices import ENDED
from cards.models import Card
from cards.querysets import CardQuerySet
from lifecycle.rules.packs.shown import Shown

TEXT, WHEN, DAY, COUNT = ColumnKind.TEXT, ColumnKind.DATETIME, ColumnKind.DATE, ColumnKind.INTEGER
ROWS_AT_ONCE = 2000
BEGINNING = date(2000, 1, 1)
A_DAY = timedelta(days=1)

Row = Callable[[Any], Sequence[Value]]


@dataclass(frozen=True, kw_only=True)
class PackScope:
    """The cards of a pack, the one it is of, and its time: Shanghai days, both included, as moments [start, end).

    Nothing later than the moment it was asked for is told, so that the same pack made twice is the same.
    """

    cards: CardQuerySet
    card_id: int | None
    first: date
    last: date
    end: datetime
    shown: Shown

    @property
    def start(self) -> datetime:
        """The first moment."""
        return day_start(self.first)

    @property
    def card_ids(self) -> "QuerySet[Card, Any]":
        """The cards as a part of a query."""
        return self.cards.order_by().values("pk")

    @property
    def held(self) -> "QuerySet[Assignment]":
        """The hand-overs of the cards that reach into the time, also those that were undone."""
        ends = Q(ended_at__isnull=True) | Q(ended_at__gte=self.start)
        return Assignment.objects.filter(ends, card__in=self.card_ids, started_at__lt=self.end)

    @property
    def agent_ids(self) -> "QuerySet[Assignment, Any]":
        """The agents who held the cards meanwhile, as a part of a query."""
        return self.held.filter(undone_at__isnull=True).order_by().values("agent")

    def within(self, field: str) -> Q:
        """Return the condition that a moment lies in the time."""
        return Q(**{f"{field}__gte": self.start, f"{field}__lt": self.end})

    def days(self, field: str) -> Q:
        """Return the condition that a day does."""
        return Q(**{f"{field}__gte": self.first, f"{field}__lte": self.last})


@dataclass(frozen=True, kw_only=True)
class Part:
    """One table of a pack: its file's name, its title, its columns, how many rows it has and what they are.

    Its rows come in an order of their own, so that the same data make the same file; reading them holds few at once.
    """

    name: str
    title: Text
    columns: Sequence[Column]
    count: Callable[[], int]
    rows: Callable[[], Iterable[Sequence[Value]]]

    @property
    def path(self) -> str:
        """Where it stands in the pack."""
        return f"{self.name}.csv"


def part(name: str, title: Text, columns: Sequence[Column], query: "QuerySet[Any, Any]", row: Row) -> Part:
    """Return the table of a query, a row of it for each of the query's."""
    return Part(
        name=name, title=title, columns=columns, count=lambda: query.order_by().count(), rows=lambda: _rows(query, row)
    )


def _rows(query: "QuerySet[Any, Any]", row: Row) -> Iterator[Sequence[Value]]:
    return map(row, query.iterator(ROWS_AT_ONCE))


def columns(*told: "Text | tuple[Text, ColumnKind]") -> list[Column]:
    """Return columns by their titles; of texts unless another kind is named."""
    return [Column(*one) if isinstance(one, tuple) else Column(one) for one in told]


def said(held: object) -> Text:
    """Return yes or no."""
    return _("yes") if held else _("no")


def pack_scope(
    *,
    user: User,
    card_id: int | None,
    team: Team | None,
    first: date | None,
    last: date | None,
    shown: Shown,
    now: datetime,
) -> PackScope:
    """Return what a pack holds that a person asks for at a moment: never more than the person's scope."""
    since, until = first or BEGINNING, last or business_day(now)
    end = min(day_start(until + A_DAY), now)
    cards = Card.objects.visible_to(user)
    cards = cards.filter(pk=card_id) if card_id is not None else cards.filter(_alive(since, until))
    if team is not None:
        cards = cards.filter(_of_team(team, day_start(since), end))
    return PackScope(cards=cards, card_id=card_id, first=since, last=until, end=end, shown=shown)


def _alive(first: date, last: date) -> Q:
    """Cards that were there already, and whose number was not given up before."""
    came = Q(created_at__lt=day_start(last + A_DAY)) | Q(activated_on__lte=last)
    return came & ~Q(service_state__in=sorted(ENDED), service_since__lt=day_start(first))


def _of_team(team: Team, start: datetime, end: datetime) -> Q:
    """Cards of a team and of what is below it: now, or while they were in the hands of its people."""
    ends = Q(ended_at__isnull=True) | Q(ended_at__gte=start)
    below = Team.objects.within(team).order_by().values("pk")
    held = Assignment.objects.filter(ends, team__in=below, started_at__lt=end, undone_at__isnull=True)
    return Q(team__in=below) | Q(pk__in=held.order_by().values("card"))
