"""The figures of the downtime report: stops grouped by carrier, reason or team (R41)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median

from lifecycle.rules.cases.impact import HOUR, Hours, Impact, ImpactFacts, Rates, impact

TENTH = Decimal("0.1")


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """One stop of one card, from the first state of it to the next that is none; `ended` None while it lasts.

    `reason` is the cause its carrier confirmed, else the one recorded. `agent` held the card when it began, `is_idle`:
    with no other card in service. `is_restored`: it ended in service, not with the number. `calls_a_day` and
    `customers` are of the days before.
    """

    card: int
    carrier: int
    reason: str
    team: int | None
    agent: int | None
    is_idle: bool
    begun: datetime
    ended: datetime | None
    is_restored: bool
    calls_a_day: Decimal
    customers: int


@dataclass(frozen=True, kw_only=True)
class DowntimeRow:
    """What a group's stops came to within a period; `to_restore` is the median of hours of stops restored in it."""

    key: int | str | None
    stops: int
    cards: int
    restored: int
    seconds: int
    calling_seconds: int
    idle_agents: int
    customers: int
    to_restore: Decimal | None
    loss: Decimal | None

    @property
    def hours(self) -> Decimal:
        """Hours of downtime, to one decimal."""
        return (Decimal(self.seconds) / HOUR).quantize(TENTH)

    @property
    def calling_hours(self) -> Decimal:
        """Hours of downtime in calling hours, to one decimal."""
        return (Decimal(self.calling_seconds) / HOUR).quantize(TENTH)


@dataclass(frozen=True, kw_only=True)
class Period:
    """From when to when a report counts; what lies outside is not part of a stop's downtime in it."""

    start: datetime
    end: datetime


def by_group(stops: Iterable[Stopped], by: str, period: Period, *, hours: Hours, rates: Rates) -> list[DowntimeRow]:
    """Return a row for each group, the longest downtime first; `by` names a field of a stop."""
    groups: defaultdict[int | str | None, list[Stopped]] = defaultdict(list)
    for stop in stops:
        groups[getattr(stop, by)].append(stop)
    rows = [total(group, period, hours=hours, rates=rates, key=key) for key, group in groups.items()]
    return sorted(rows, key=lambda row: (-row.seconds, str(row.key)))


def total(
    stops: Sequence[Stopped], period: Period, *, hours: Hours, rates: Rates, key: int | str | None = None
) -> DowntimeRow:
    """Return what stops came to together."""
    harms = [_harm(stop, period, hours=hours, rates=rates) for stop in stops]
    ended = [stop for stop in stops if stop.ended and stop.is_restored and stop.ended < period.end]
    known = [harm.loss for harm in harms if harm.loss is not None]
    return DowntimeRow(
        key=key,
        stops=len(stops),
        cards=len({stop.card for stop in stops}),
        restored=len(ended),
        seconds=sum(harm.seconds for harm in harms),
        calling_seconds=sum(harm.calling_seconds for harm in harms),
        idle_agents=len({stop.agent for stop in stops if stop.is_idle}),
        customers=sum(stop.customers for stop in stops),
        to_restore=_median_hours(ended),
        loss=sum(known, Decimal(0)) if known else None,
    )


def _harm(stop: Stopped, period: Period, *, hours: Hours, rates: Rates) -> Impact:
    facts = ImpactFacts(
        since=max(stop.begun, period.start),
        until=min(stop.ended or period.end, period.end),
        idle_agents=1 if stop.is_idle else 0,
        customers=stop.customers,
        calls_a_day=stop.calls_a_day,
    )
    return impact(facts, hours=hours, rates=rates)


def _median_hours(ended: Sequence[Stopped]) -> Decimal | None:
    spans = [(stop.ended - stop.begun).total_seconds() for stop in ended if stop.ended]
    return (Decimal(median(spans)) / HOUR).quantize(TENTH) if spans else None
