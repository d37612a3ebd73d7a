"""What part of a month a card pays on a plan: activation, end, plan change and stops by the plan's own rules (R94).

Carriers charge the month of a stop and of a resumption, and none of the whole months of it (domain.md, section 3).
"""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from billing.rules.prices import Price
from cardfleet.kernel.clock import month_start, next_month
from cards.choices import ServiceState
from cards.choices.plan import Proration

# Until a cancellation is done the card is served, and charged.
SERVED = frozenset({ServiceState.ACTIVE, ServiceState.HALF_STOP, ServiceState.CANCEL_PENDING})
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class StateSpan:
    """A service state on the days [starts, ends), some moment of each; the same day may lie in two."""

    state: str
    starts: date
    ends: date


@dataclass(frozen=True, kw_only=True)
class Life:
    """A card in a month: its states by days, its activation, the first day that lies wholly after its end."""

    spans: tuple[StateSpan, ...]
    activated_on: date | None = None
    ended_from: date | None = None


@dataclass(frozen=True, kw_only=True)
class TermDays:
    """The days of a month, by what they were for a plan: they add up to the month.

    `elsewhere` on another plan or none, `before` the activation, `after` the end, `stopped`, `served`; `voluntary` are
    those of the stopped ones that lie in a voluntary stop.
    """

    elsewhere: int = 0
    before: int = 0
    after: int = 0
    stopped: int = 0
    served: int = 0
    voluntary: int = 0

    @property
    def of_month(self) -> int:
        """All days of the month."""
        return self.elsewhere + self.before + self.after + self.stopped + self.served


@dataclass(frozen=True)
class Share:
    """The days of the month that count for bundle, fee and minimum, and for the fee of a voluntary stop.

    A fee may be waived where days count for the bundle.
    """

    days: int
    fee_days: int
    voluntary_days: int


def days_of_term(starts: date, ends: date, *, life: Life, price: Price) -> TermDays:
    """Sort the days of the month by what they were for a plan held in [starts, ends), which lies in one month."""
    born = min(max(life.activated_on or starts, starts), ends)
    over = max(min(life.ended_from or ends, ends), born)
    served = _days(life.spans, SERVED, born, over)
    idle = _days(life.spans, {ServiceState.VOLUNTARY_STOP}, born, over) - served
    if price.voluntary_stop_fee is None:
        served, idle = served | idle, set()
    return TermDays(
        elsewhere=(next_month(starts) - month_start(starts)).days - (ends - starts).days,
        before=(born - starts).days,
        after=(ends - over).days,
        stopped=(over - born).days - len(served),
        served=len(served),
        voluntary=len(idle),
    )


def share_of(price: Price, days: TermDays) -> Share:
    """Return which days of the month the plan charges for."""
    idle = _idle_days(price, days)
    if not days.served:
        return Share(0, 0, idle)
    lacking = (
        (price.changed, days.elsewhere),
        (price.first_month, days.before),
        (price.last_month, days.after),
        (price.stopped, days.stopped),
    )
    counted = days.of_month - sum(number for rule, number in lacking if rule != Proration.WHOLE)
    waived = any(number and rule == Proration.NONE for rule, number in lacking)
    return Share(counted, 0 if waived else counted, idle)


def included(amount: int, share: Share, of_month: int) -> int:
    """Return what a part of a month includes of minutes, messages or MB, rounded up."""
    return -(-amount * share.days // of_month)


def _idle_days(price: Price, days: TermDays) -> int:
    """Return for how many days of the month the fee of a voluntary stop is due: all, where no day was served."""
    if price.stopped == Proration.DAYS:
        return days.voluntary
    return days.of_month if days.voluntary and not days.served else 0


def _days(spans: Collection[StateSpan], states: AbstractSet[str], starts: date, ends: date) -> set[date]:
    """Return the days in [starts, ends) on which a card was in one of the states."""
    return {
        max(span.starts, starts) + DAY * number
        for span in spans
        if span.state in states
        for number in range((min(span.ends, ends) - max(span.starts, starts)).days)
    }
