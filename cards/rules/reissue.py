"""When a number may go to a new SIM (补卡, 换卡): same number, new ICCID, history kept (R39, R47, R52)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import to_the_minute
from cardfleet.kernel.errors import Reason, Text
from cards.choices import ENDED, CustodyState, ServiceState, WhyReissued
from cards.rules.transitions import CONDUCT

GONE = frozenset({WhyReissued.LOST, WhyReissued.STOLEN})
HELD = (CustodyState.MISSING, CustodyState.FAULTY)


@dataclass(frozen=True, kw_only=True)
class ReissueFacts:
    """What is known when a new SIM is recorded.

    `new_is_card`: a card in the register has the new ICCID; `new_is_void`: a SIM that was replaced had it. `since`
    is when the present SIM came into use, None for the first; all moments aware.
    """

    service_state: str
    custody_state: str
    old_iccid: str
    new_iccid: str
    new_is_card: bool
    new_is_void: bool
    why: str
    in_hand: bool
    since: datetime | None
    at: datetime
    now: datetime


def unmet(facts: ReissueFacts) -> Iterator[Reason]:
    """Yield why the number may not go to the new SIM."""
    if facts.service_state in ENDED or facts.custody_state == CustodyState.DESTROYED:
        message = _("The carrier has ended this number. A number that comes back is recorded as a new card.")
        yield Reason(code="number_ended", message=message)
    yield from _unusable(facts)
    if facts.why in GONE and facts.in_hand:
        message = _("A lost SIM is not in our hands. Record it as found, or correct this.")
        yield Reason(code="lost_in_hand", field="in_hand", message=message)
    if facts.at > facts.now:
        message = _("This has not happened yet. Correct the time.")
        yield Reason(code="in_the_future", field="at", message=message)
    if facts.since and facts.at < facts.since:
        since = to_the_minute(facts.since)
        message = format_lazy(_("The present SIM was issued at {since}."), since=since)
        yield Reason(code="dates_run_backwards", field="at", message=message)


def _unusable(facts: ReissueFacts) -> Iterator[Reason]:
    if facts.new_iccid == facts.old_iccid:
        yield _of_iccid("iccid_unchanged", _("This is the ICCID of the old SIM. Key in that of the new one."))
    elif facts.new_is_void:
        yield _of_iccid("iccid_void", _("A SIM with this ICCID was replaced before; it is void for ever."))
    elif facts.new_is_card:
        yield _of_iccid("iccid_taken", _("Another card of the register has this ICCID."))


def _of_iccid(code: str, message: Text) -> Reason:
    return Reason(code=code, field="iccid", message=message)


def place_after(custody_state: str, *, is_held: bool) -> CustodyState | None:
    """Return where the new SIM goes: to whoever held the lost or faulty one, else into stock; None: it stays."""
    if custody_state not in HELD:
        return None
    return CustodyState.ISSUED if is_held else CustodyState.IN_STOCK


def state_after(service_state: str, *, before: str, reason: str) -> ServiceState | None:
    """Return the state a card comes back into once its loss is over; None where it was not reported lost.

    `before` and `reason` are its state before the loss and why it was stopped then. A penalty or a missed
    verification is not cured by losing the card: such a stop is in force again.
    """
    if service_state != ServiceState.LOST_STOP:
        return None
    if before == ServiceState.REVERIFY_STOP:
        return ServiceState.REVERIFY_STOP
    if before == ServiceState.FORCED_STOP or reason in CONDUCT:
        return ServiceState.FORCED_STOP
    return ServiceState.ACTIVE
