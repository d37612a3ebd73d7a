"""How long each kind of data is kept: one list, to which each app adds its own in a module named `retention`.

A category has a floor that the law asks for, a usual time, and a service that takes out what is past it. The times
that hold are rows of `billing.RetentionRule`, editable above the floor; a nightly job goes by them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import day_start, month_start
from cardfleet.kernel.errors import Text

BATCH = 1000


class Effect(TextChoices):
    """What happens to data past its time."""

    DELETED = "deleted", _("deleted after that")
    ANONYMOUS = "anonymous", _("made anonymous after that")


@dataclass(frozen=True, kw_only=True)
class Floor:
    """The months below which nobody may set a time, and why; `is_sure` is false where no text in force was read."""

    months: int
    basis: Text
    is_sure: bool = True


NO_FLOOR = Floor(months=0, basis=_("No law names a time: no longer than needed (PIPL, art. 19)."))


@dataclass(frozen=True, kw_only=True)
class Due:
    """What is past its time: how much would go, from when to when it is, and what stays under which hold."""

    count: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None
    held: Mapping[str, int] = field(default_factory=dict)


def _as_it_is(before: date) -> date:
    return before


@dataclass(frozen=True, kw_only=True)
class Category:
    """A kind of data. `look` and `drop` are told the first Shanghai day that is kept.

    `since` says from when its months count; `at_once` is how many a run takes without asking, at first. `kept` moves
    the day back where what is held cannot stay alone.
    """

    code: str
    label: Text
    floor: Floor
    default: int
    since: Text
    effect: Effect
    look: Callable[[date], Due]
    drop: Callable[[date, datetime], Mapping[str, int]]
    at_once: int = 5000
    kept: Callable[[date], date] = _as_it_is


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Why data stays beyond its time: ids of the people and the cards that something open names."""

    code: str
    label: Text
    people: Callable[[], QuerySet[Any]]
    cards: Callable[[], QuerySet[Any]]


@dataclass(frozen=True, kw_only=True)
class OwnDate:
    """Data that goes by a date of its own, not by a time that anybody sets: what, and when it goes."""

    code: str
    label: Text
    goes: Text


_categories: dict[str, Category] = {}
_own_dates: dict[str, OwnDate] = {}
_holds: dict[str, Hold] = {}


def register(category: Category) -> None:
    """Add a category to the list; the same code twice is a defect."""
    if category.code in _categories:
        raise ValueError(f"category of retention {category.code} is registered twice")
    _categories[category.code] = category


def categories() -> Mapping[str, Category]:
    """Return all categories by code, lower apps first."""
    return _categories


def register_own_date(code: str, label: Text, goes: Text) -> None:
    """Name on the same list what goes by its own date; the same code twice is a defect."""
    if code in _own_dates:
        raise ValueError(f"what goes by its own date, {code}, is registered twice")
    _own_dates[code] = OwnDate(code=code, label=label, goes=goes)


def own_dates() -> Sequence[OwnDate]:
    """Return what goes by its own date."""
    return list(_own_dates.values())


def label_of(code: str) -> Text:
    """Return what a category is called; the bare code where none is registered any more."""
    return _categories[code].label if code in _categories else code


def register_hold(hold: Hold) -> None:
    """Let something open hold data back; the same code twice is a defect."""
    if hold.code in _holds:
        raise ValueError(f"hold {hold.code} is registered twice")
    _holds[hold.code] = hold


def holds() -> Sequence[Hold]:
    """Return what may hold data back."""
    return list(_holds.values())


def kept_from(on: date, months: int) -> date:
    """Return the first day that is kept: this month and so many whole months before it."""
    index = on.year * 12 + on.month - 1 - months
    return month_start(date(index // 12, index % 12 + 1, 1))


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows of a table that go by their age.

    `past` selects what ended before a moment and was not seen to yet; `at` is the column of its age, `people` and
    `cards` the ways to whom and what it is about. `drop` is given some of the rows at a time.
    """

    past: Callable[[datetime], QuerySet[Any]]
    at: str
    drop: Callable[[QuerySet[Any], datetime], Mapping[str, int]]
    people: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()

    def look(self, before: date) -> Due:
        """Return what would go; two statements, and one for each hold."""
        past = self.past(day_start(before))
        facts = self.free(past).aggregate(count=Count("pk", distinct=True), oldest=Min(self.at), newest=Max(self.at))
        held = {hold.code: past.filter(self._under(hold)).distinct().count() for hold in holds()}
        return Due(**facts, held={code: count for code, count in held.items() if count})

    def go(self, before: date, now: datetime) -> Mapping[str, int]:
        """Take out what is past its time, some at a time, and return how much; what is held stays."""
        sums: dict[str, int] = {}
        ids = list(self.free(self.past(day_start(before))).values_list("pk", flat=True).distinct())
        for some in _batches(ids):
            dropped = self.drop(self.past(day_start(before)).filter(pk__in=some), now)
            for name, count in dropped.items():
                sums[name] = sums.get(name, 0) + count
        return sums

    def free(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that nothing holds."""
        for hold in holds():
            rows = rows.exclude(pk__in=QuerySet(rows.model).filter(self._under(hold)).values("pk"))
        return rows.order_by()

    def _under(self, hold: Hold) -> Q:
        named = Q(pk__in=())
        for path in self.people:
            named |= Q(**{f"{path}__in": hold.people()})
        for path in self.cards:
            named |= Q(**{f"{path}__in": hold.cards()})
        return named


def deleted(rows: QuerySet[Any], _now: datetime) -> Mapping[str, int]:
    """Delete rows and return how many, those that hang on them not counted."""
    return {"rows": rows.delete()[1].get(rows.model._meta.label, 0)}


def _batches(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
