"""What a stop costs: time, agents, customers, money (R41). Estimates say so; what is not known stays unknown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from cardfleet.kernel.clock import business_day, day_start
from cardfleet.kernel.money import to_fen

HOUR = 3600
Windows = Sequence[tuple[int, int]]
IsRest = Callable[[date], bool]


@dataclass(frozen=True, kw_only=True)
class Rates:
    """What an hour of an agent who cannot call and a call not made are reckoned at, CNY; None: nobody has said."""

    idle_hour: Decimal | None
    call: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Hours:
    """The company's calling hours: pairs of seconds of a working day, and which days are days of rest."""

    windows: Windows
    is_rest: IsRest

    @property
    def a_day(self) -> int:
        """Seconds of a working day on which people call."""
        return sum(closes - opens for opens, closes in self.windows)

    def within(self, start: datetime, end: datetime) -> int:
        """Return the seconds between two moments that were calling hours of working days in Shanghai."""
        days = (business_day(end) - business_day(start)).days
        first = business_day(start)
        worked = [day for day in (first + timedelta(days=after) for after in range(days + 1)) if not self.is_rest(day)]
        return sum(self._on(day, start, end) for day in worked)

    def _on(self, day: date, start: datetime, end: datetime) -> int:
        midnight = day_start(day)
        spans = [
            (max(start, midnight + timedelta(seconds=opens)), min(end, midnight + timedelta(seconds=closes)))
            for opens, closes in self.windows
        ]
        return sum(int((until - since).total_seconds()) for since, until in spans if until > since)


@dataclass(frozen=True, kw_only=True)
class ImpactFacts:
    """A stop from `since` to `until` (restored, or now). `calls_a_day`: the mean of the days before on which it called.

    `idle_agents` had no other card in service; `customers` are the different people called in the days before.
    """

    since: datetime
    until: datetime
    idle_agents: int
    customers: int
    calls_a_day: Decimal


@dataclass(frozen=True, kw_only=True)
class Impact:
    """The harm of a stop. Seconds; `calls` not made, estimated; `loss` CNY, estimated, None where no rate is set."""

    seconds: int
    calling_seconds: int
    idle_agents: int
    customers: int
    calls: int
    loss: Decimal | None

    @property
    def minutes(self) -> int:
        """Whole minutes of downtime."""
        return self.seconds // 60


def impact(facts: ImpactFacts, *, hours: Hours, rates: Rates) -> Impact:
    """Return the harm of a stop. Calls are missed only by agents who stood still: another card makes them otherwise."""
    seconds = max(int((facts.until - facts.since).total_seconds()), 0)
    calling = hours.within(facts.since, facts.until) if seconds else 0
    stood = calling if facts.idle_agents else 0
    missed = int(facts.calls_a_day * stood / hours.a_day) if hours.a_day else 0
    return Impact(
        seconds=seconds,
        calling_seconds=calling,
        idle_agents=facts.idle_agents,
        customers=facts.customers,
        calls=missed,
        loss=_loss(stood * facts.idle_agents, missed, rates),
    )


def _loss(idle_seconds: int, calls: int, rates: Rates) -> Decimal | None:
    if rates.idle_hour is None and rates.call is None:
        return None
    idle = (rates.idle_hour or Decimal(0)) * idle_seconds / HOUR
    return to_fen(idle + (rates.call or Decimal(0)) * calls)
