"""Keep a number or give it up? What speaks for either, in words and figures; a person decides (R94, R99, R101, R103).

Customers come first, then real use, then the standby that is lacking, then what leaving costs. The marks are
illustrative: no source states any.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text
from cardfleet.kernel.money import ZERO
from lifecycle.choices import KeepVerdict, Side
from lifecycle.rules.leaving import Leaving, Lock, cheapest, leave

CALLERS, CALLER_DAYS = 3, 90
USED_DAYS, USE_DAYS = 5, 30
RECYCLE_SOON = timedelta(days=30)
YEAR = 12


@dataclass(frozen=True, kw_only=True)
class KeepFacts:
    """What is known of a card on a Shanghai day; money is CNY, days are days.

    `callers` are distinct numbers that called it within 90 days, `days_used` days with outgoing calls of the last 30.
    `monthly_cost` is the fee or, where more, the minimum spend. `spares_*` are of its carrier.
    """

    today: date
    is_customer_facing: bool
    callers: int
    days_used: int
    calls: int
    idle_days: int | None
    recycled_on: date | None
    monthly_cost: Decimal
    refund: Decimal
    lock: Lock
    spares_ready: int
    spares_wanted: int

    @property
    def has_customers(self) -> bool:
        """Whether people rely on the number."""
        return self.is_customer_facing or self.callers >= CALLERS

    @property
    def is_used(self) -> bool:
        """Whether it is really used."""
        return self.days_used >= USED_DAYS

    @property
    def spares_lack(self) -> int:
        """How many ready spares its carrier's cards lack."""
        return max(self.spares_wanted - self.spares_ready, 0)


@dataclass(frozen=True)
class Point:
    """One thing that speaks for a side."""

    code: str
    side: Side
    text: Text


@dataclass(frozen=True, kw_only=True)
class Weighing:
    """An advice with its points. `year` is a year's keeping; `today` and `best` what leaving costs, CNY."""

    verdict: KeepVerdict
    points: tuple[Point, ...]
    year: Decimal
    today: Leaving
    best: Leaving

    @property
    def leaves_now_for(self) -> Decimal:
        """What leaving today costs."""
        return self.today.total

    def of(self, side: Side) -> list[Point]:
        """Return what speaks for one side."""
        return [point for point in self.points if point.side == side]

    @property
    def keeping(self) -> list[Point]:
        """What speaks for keeping it."""
        return self.of(Side.KEEP)

    @property
    def leaving(self) -> list[Point]:
        """What speaks for giving it up."""
        return self.of(Side.CANCEL)


def weigh(facts: KeepFacts) -> Weighing:
    """Return the advice for a card."""
    now = leave(facts.lock, today=facts.today, on=facts.today)
    best = cheapest(facts.lock, today=facts.today)
    return Weighing(
        verdict=_verdict(facts, best),
        points=tuple(_points(facts, now, best)),
        year=facts.monthly_cost * YEAR,
        today=now,
        best=best,
    )


def _verdict(facts: KeepFacts, best: Leaving) -> KeepVerdict:
    if facts.has_customers or facts.is_used:
        return KeepVerdict.KEEP
    if facts.spares_lack:
        return KeepVerdict.SPARE
    return KeepVerdict.WAIT if best.on > facts.today else KeepVerdict.CANCEL


def _points(facts: KeepFacts, now: Leaving, best: Leaving) -> Iterator[Point]:
    yield from _customers(facts)
    yield from _use(facts)
    yield from _standby(facts)
    yield from _money(facts, now, best)


def _customers(facts: KeepFacts) -> Iterator[Point]:
    if facts.is_customer_facing:
        text = _("Customers have this number: give it up only after they were told another one.")
        yield Point("customer_facing", Side.KEEP, text)
    many = format_lazy(_("{count} numbers called it within {days} days."), count=facts.callers, days=CALLER_DAYS)
    if facts.callers:
        yield Point("callers", Side.KEEP, many)
    else:
        text = format_lazy(_("Nobody called it within {days} days."), days=CALLER_DAYS)
        yield Point("no_callers", Side.CANCEL, text)


def _use(facts: KeepFacts) -> Iterator[Point]:
    if facts.days_used:
        text = format_lazy(
            _("Used on {used} of the last {days} days, {calls} calls."),
            used=facts.days_used,
            days=USE_DAYS,
            calls=facts.calls,
        )
        yield Point("used", Side.KEEP if facts.is_used else Side.CANCEL, text)
    elif facts.idle_days is None:
        yield Point("never_used", Side.CANCEL, _("It was never seen in use."))
    elif facts.idle_days < USE_DAYS:
        yield Point("no_calls", Side.CANCEL, format_lazy(_("No call within {days} days."), days=USE_DAYS))
    else:
        yield Point("idle", Side.CANCEL, format_lazy(_("Not used for {days} days."), days=facts.idle_days))
    if facts.recycled_on and facts.recycled_on <= facts.today + RECYCLE_SOON:
        text = format_lazy(
            _("The carrier may recycle it on {day}: use it genuinely, or release it."), day=facts.recycled_on
        )
        yield Point("recycled_soon", Side.CANCEL, text)


def _standby(facts: KeepFacts) -> Iterator[Point]:
    figures = {"ready": facts.spares_ready, "wanted": facts.spares_wanted}
    if facts.spares_lack:
        text = format_lazy(_("Its carrier's spares are short: {ready} ready, {wanted} wanted."), **figures)
        yield Point("spares_short", Side.KEEP, text)
    else:
        text = format_lazy(_("Its carrier's spares are enough: {ready} ready, {wanted} wanted."), **figures)
        yield Point("spares_enough", Side.CANCEL, text)


def _money(facts: KeepFacts, now: Leaving, best: Leaving) -> Iterator[Point]:
    if facts.monthly_cost:
        text = format_lazy(
            _("Keeping it costs CNY {month} a month, CNY {year} a year."),
            month=facts.monthly_cost,
            year=facts.monthly_cost * YEAR,
        )
        yield Point("monthly_cost", Side.CANCEL, text)
    if facts.refund:
        text = format_lazy(_("About CNY {refund} would come back."), refund=facts.refund)
        yield Point("refund", Side.CANCEL, text)
    if now.penalty.amount > ZERO:
        text = format_lazy(
            _("Leaving today costs CNY {now} of penalty; cheapest on {day}: CNY {best} with the fees until then."),
            now=now.penalty.amount,
            day=best.on,
            best=best.total,
        )
        yield Point("locked_in", Side.KEEP, text)
