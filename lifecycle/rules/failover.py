"""Which spare may take the place of a card that stands still, and which fits best (R47, R55, R102).

Points only put in order what may lawfully be used, and each stands beside its reason in words; what forbids a card is
never outweighed. After a stop for conduct nothing takes a card's place until compliance releases it (refusal X9), and
a card that works is not exchanged at all, so that nobody spreads calls over cards (refusal X3).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason, Text
from cards.choices import (
    STOPPED,
    Condition,
    CustodyState,
    Direction,
    ServiceState,
    SignalCheck,
    SpareDecision,
    StopReason,
)
from cards.rules.transitions import CONDUCT

PENALTIES = frozenset({ServiceState.FORCED_STOP, ServiceState.REVERIFY_STOP})
FOR_COMPLIANCE = CONDUCT | {StopReason.REAL_NAME, StopReason.REVERIFICATION}
OUT_OF_HANDS = frozenset({CustodyState.FAULTY, CustodyState.MISSING})
# Where the old card goes: taken back into stock or to the faulty ones; marked as due or missing, in its holder's name.
OLD_GOES_TO = (CustodyState.IN_STOCK, CustodyState.FAULTY, CustodyState.RETURN_DUE, CustodyState.MISSING)
RUNWAY_GOOD, RUNWAY_SHORT = 14, 3
RECYCLE_NEAR, EXPIRY_NEAR = 30, 30
LOOKED_LATELY, LOOKED_LONG_AGO = 30, 90


@dataclass(frozen=True, kw_only=True)
class StoppedFacts:
    """A card that stands still. `is_held`: a case keeps it until compliance releases it; `is_reported`: an open case
    says that it cannot be used; `may_release`: who asks is compliance, and releases it by what is done.
    """

    service_state: str
    stop_reason: str = ""
    custody_state: str
    condition: str = Condition.GOOD
    is_held_by_somebody: bool = True
    reverification_over: bool = False
    is_held: bool = False
    is_reported: bool = False
    may_release: bool = False


def needs_release(facts: StoppedFacts) -> bool:
    """Tell whether compliance must release the card before another takes its place."""
    stopped_for_conduct = facts.service_state in STOPPED and facts.stop_reason in FOR_COMPLIANCE
    return facts.service_state in PENALTIES or stopped_for_conduct or facts.is_held or facts.reverification_over


def stands_still(facts: StoppedFacts) -> bool:
    """Tell whether nobody can call with the card."""
    return (
        facts.service_state in STOPPED
        or facts.custody_state in OUT_OF_HANDS
        or facts.condition == Condition.DAMAGED
        or facts.is_reported
    )


def why_not(facts: StoppedFacts) -> Iterator[Reason]:
    """Yield why no spare may take the card's place, each with what would clear it."""
    if not facts.is_held_by_somebody:
        yield Reason(
            code="nobody_holds",
            message=_("Nobody holds this card, so nobody waits for another."),
            clears=_("Hand a card out in the usual way."),
        )
    if needs_release(facts) and not facts.may_release:
        yield Reason(
            code="release_missing",
            message=_("The card was stopped for how it was used or whose it is: no spare replaces it."),
            clears=_("Settle the stop with the carrier; compliance releases the card, or makes the switch itself."),
        )
    if not stands_still(facts) and not needs_release(facts):
        yield Reason(
            code="card_works",
            message=_("The card works: cards are not exchanged to spread calls."),
            clears=_("Record the stop, or report the fault or the loss of the card first."),
        )


@dataclass(frozen=True, kw_only=True)
class StandbyFacts:
    """A spare beside the card it would replace; None: not known. `unmet` is what the gates of a hand-out say.

    What is equal is compared by whoever reads these facts. `runway_days`: for how long the balance
    lasts; money is CNY, days are Shanghai's.
    """

    card_id: int
    today: date
    unmet: Sequence[Reason] = ()
    registrant: str = ""
    same_registrant: bool | None = None
    user_is_agent: bool | None = None
    carrier: str = ""
    same_carrier: bool = True
    works_at_carrier: bool = False
    same_plan: bool = True
    region: str = ""
    same_region: bool | None = None
    same_purpose: bool = True
    direction: str = Direction.BOTH
    is_spare: bool = True
    condition: str = Condition.GOOD
    balance: Decimal | None = None
    stop_below: Decimal | None = None
    runway_days: int | None = None
    recycled_on: date | None = None
    expires_on: date | None = None
    inspected_on: date | None = None
    signal: str = ""
    decision: str = ""
    is_marked: bool = False
    is_customer_facing: bool = False
    complaints: int = 0


@dataclass(frozen=True)
class Speaks:
    """What speaks for a spare (points above 0) or against it, in words."""

    points: int
    message: Text


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A spare with its points, what they rest on, and what forbids it."""

    card_id: int
    points: int
    speaks: Sequence[Speaks]
    unmet: Sequence[Reason]

    @property
    def is_allowed(self) -> bool:
        """Whether it may be used."""
        return not self.unmet


def rank(candidates: Iterable[StandbyFacts]) -> list[Ranked]:
    """Return the spares, those that may be used first, the best fit first; equal ones by their age in the books."""
    return sorted(map(ranked, candidates), key=lambda one: (not one.is_allowed, -one.points, one.card_id))


def ranked(facts: StandbyFacts) -> Ranked:
    """Return one spare weighed."""
    speaks = [*_identity(facts), *_fit(facts), *_life(facts), *_looks(facts)]
    points = sum(one.points for one in speaks)
    return Ranked(card_id=facts.card_id, points=points, speaks=speaks, unmet=[*facts.unmet, *_forbids(facts)])


def _identity(facts: StandbyFacts) -> Iterator[Speaks]:
    if facts.same_registrant:
        yield Speaks(25, format_lazy(_("Same legal holder: {name}"), name=facts.registrant))
    elif facts.same_registrant is False:
        yield Speaks(-25, format_lazy(_("Another legal holder: {name}"), name=facts.registrant))
    else:
        yield Speaks(-10, _("Its legal holder is not recorded"))
    if facts.user_is_agent:
        yield Speaks(15, _("The agent is registered as its user"))
    elif facts.user_is_agent is None:
        yield Speaks(-5, _("No user registered yet: have the carrier record the agent"))


def _fit(facts: StandbyFacts) -> Iterator[Speaks]:
    if facts.works_at_carrier:
        yield Speaks(-20, format_lazy(_("On the network with the same trouble: {carrier}"), carrier=facts.carrier))
    elif facts.same_carrier:
        yield Speaks(10, format_lazy(_("Same carrier: {carrier}"), carrier=facts.carrier))
    else:
        yield Speaks(0, format_lazy(_("Another carrier: {carrier}"), carrier=facts.carrier))
    if facts.same_plan:
        yield Speaks(10, _("Same plan"))
    if facts.same_region:
        yield Speaks(10, format_lazy(_("Same home region: {region}"), region=facts.region))
    elif facts.same_region is False:
        yield Speaks(-5, format_lazy(_("Another home region: {region}"), region=facts.region))
    if not facts.same_purpose:
        yield Speaks(-15, _("Bought for another purpose"))
    if facts.is_spare:
        yield Speaks(5, _("Kept as a spare"))


def _life(facts: StandbyFacts) -> Iterator[Speaks]:
    yield _money(facts)
    if facts.recycled_on is not None:
        left = (facts.recycled_on - facts.today).days
        near = format_lazy(_("May be recycled on {day} for want of use"), day=facts.recycled_on.isoformat())
        yield Speaks(-20, near) if left < RECYCLE_NEAR else Speaks(5, _("Far from being recycled"))
    if facts.expires_on is not None and 0 <= (facts.expires_on - facts.today).days < EXPIRY_NEAR:
        yield Speaks(-10, format_lazy(_("Expires on {day}"), day=facts.expires_on.isoformat()))


def _money(facts: StandbyFacts) -> Speaks:
    if facts.balance is None:
        return Speaks(-5, _("Balance not known"))
    if facts.runway_days is None or facts.runway_days >= RUNWAY_GOOD:
        return Speaks(10, format_lazy(_("Balance CNY {amount}"), amount=facts.balance))
    words = format_lazy(
        _("Balance CNY {amount} lasts {days} days"), amount=facts.balance, days=max(facts.runway_days, 0)
    )
    return Speaks(-15 if facts.runway_days < RUNWAY_SHORT else 0, words)


def _looks(facts: StandbyFacts) -> Iterator[Speaks]:
    if facts.inspected_on is None:
        yield Speaks(-10, _("Nobody has looked at it yet"))
    else:
        ago = (facts.today - facts.inspected_on).days
        points = 10 if ago <= LOOKED_LATELY else 3 if ago <= LOOKED_LONG_AGO else -10
        yield Speaks(points, format_lazy(_("Looked at on {day}"), day=facts.inspected_on.isoformat()))
    if facts.is_marked:
        yield Speaks(-20, _("Marked by callees"))
    if facts.is_customer_facing:
        yield Speaks(-20, _("Customers rely on this number already"))
    if facts.complaints:
        yield Speaks(-10 * facts.complaints, format_lazy(_("Complaints in 30 days: {count}"), count=facts.complaints))


def _forbids(facts: StandbyFacts) -> Iterator[Reason]:
    if facts.condition == Condition.DAMAGED:
        yield _no("damaged", _("The card is damaged."), _("Lay it aside among the faulty ones and take another."))
    if facts.signal == SignalCheck.NONE:
        message = _("It found no network when it was looked at last.")
        yield _no("no_network", message, _("Look at it again, or report its fault."))
    if facts.decision == SpareDecision.RELEASE:
        message = _("It was decided to give this spare up.")
        yield _no("given_up", message, _("Look at it again and decide that it stays a spare."))
    if facts.expires_on is not None and facts.expires_on < facts.today:
        expired = format_lazy(_("Its validity ended on {day}."), day=facts.expires_on.isoformat())
        yield _no("expired", expired, _("Renew it with the carrier and record the new day."))
    if facts.direction == Direction.INBOUND:
        yield _no("incoming_only", _("It is for incoming calls only."), _("Take a card that may call out."))
    if facts.balance is not None and facts.stop_below is not None and facts.balance < facts.stop_below:
        broke = format_lazy(_("Its balance is CNY {amount}: the carrier stops it."), amount=facts.balance)
        yield _no("no_balance", broke, _("Top it up first."))


def _no(code: str, message: Text, clears: Text) -> Reason:
    return Reason(code=code, message=message, clears=clears)


def minutes_lost(since: datetime, until: datetime) -> int:
    """Return the whole minutes from when a card stood still until another took its place; never below 0."""
    return max(int((until - since).total_seconds()) // 60, 0)
