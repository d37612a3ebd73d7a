"""What stands against ending a number, step by step (R9, R16, R91, R103, R104, R106, R108, R116)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.choices import ENDED, CustodyState, ServiceState, StopReason
from cards.rules.transitions import LOSS
from lifecycle.rules.leaving import Leaving

# A card that is gone cannot be brought back, and one reported lost is cancelled all the same.
GONE = frozenset({CustodyState.MISSING})


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A card as a cancellation finds it."""

    service_state: str
    custody_state: str
    is_held: bool
    is_customer_facing: bool
    reason: str = ""


def may_begin(service_state: str) -> Iterator[Reason]:
    """Yield why no cancellation may be opened."""
    if service_state in ENDED:
        yield Reason(code="ended_already", message=_("The carrier has ended this number already."))
    elif service_state == ServiceState.PENDING:
        yield Reason(
            code="never_activated",
            message=_("This card was never activated, so there is nothing to apply for."),
            clears=_("Record it as cancelled when the carrier says so."),
        )


def protected(*, is_customer_facing: bool) -> Iterator[Reason]:
    """Yield why a number is left out when many are cancelled at once (R116)."""
    if is_customer_facing:
        yield Reason(
            code="customer_facing",
            message=_("Customers rely on this number, so it is not cancelled with others."),
            clears=_("Open its cancellation by itself, after customers were told."),
        )


def in_hands(card: Standing) -> Iterator[Reason]:
    """Yield why it may not be submitted: an agent still has the card. Of a card that is lost nothing comes back."""
    is_lost = card.custody_state in GONE or card.reason in {StopReason(reason) for reason in LOSS}
    if card.is_held and not is_lost:
        yield Reason(
            code="in_hands",
            message=_("An agent still holds this card."),
            clears=_("Take it back first: Hand out, Take back. Then submit."),
            clear_url="lifecycle:return",
        )


def impact_unmet(card: Standing, *, customers_told: str, gives_up: bool) -> Iterator[Reason]:
    """Yield what is missing before a number on which customers rely is given up (R104, R116)."""
    if card.is_customer_facing and not (customers_told.strip() and gives_up):
        yield Reason(
            code="customers_untold",
            message=_("Customers rely on this number."),
            clears=_("Say how they were told another one and tick that it may go, or withdraw the case."),
            field="customers_told",
        )


def lock_unmet(now: Leaving, best: Leaving, *, accepts: bool, is_second_person: bool) -> Iterator[Reason]:
    """Yield why a contract's term blocks the end: its penalty is accepted by a second person, or one waits (R103)."""
    if not now.penalty.months_left:
        return
    if not accepts:
        yield Reason(
            code="locked_in",
            message=format_lazy(
                _("The contract binds for {months} more months; leaving today costs CNY {amount}."),
                months=now.penalty.months_left,
                amount=now.penalty.amount,
            ),
            clears=format_lazy(
                _("Accept the penalty, or wait until {day}: CNY {best} in all."), day=best.on, best=best.total
            ),
            field="accepts_penalty",
        )
    elif now.penalty.amount and not is_second_person:
        yield Reason(
            code="penalty_needs_another",
            message=_("Who asked for the cancellation does not accept its penalty."),
            clears=_("Another supervisor, finance or compliance approves it."),
            field="accepts_penalty",
        )


def gone_otherwise(service_state: str) -> Iterator[Reason]:
    """Yield that the number left on another way while its cancellation was open."""
    if service_state in (ServiceState.PORTED_OUT, ServiceState.TRANSFERRED):
        yield Reason(
            code="gone_otherwise",
            message=format_lazy(_("The number left on another way: {state}."), state=ServiceState(service_state).label),
            clears=_("Withdraw this cancellation."),
        )


def papers_missing(wanted: Collection[str], brought: Collection[str]) -> Iterator[Reason]:
    """Yield which papers of the chosen way are not there (R90, R105)."""
    missing = [paper for paper in wanted if paper not in brought]
    if missing:
        yield Reason(
            code="papers_missing",
            message=format_lazy(_("Not there yet: {papers}."), papers="、".join(missing)),
            clears=_("Tick each paper when it is at hand."),
            field="papers",
        )


def channel_unfit(channel: str, offered: Collection[str]) -> Iterator[Reason]:
    """Yield that the carrier takes no cancellation this way (R89, R90)."""
    if channel not in offered:
        yield Reason(
            code="channel_unfit",
            message=_("By its terms the carrier takes no cancellation this way."),
            clears=_("Choose a way it takes, or have an administrator correct the carrier's papers."),
            field="channel",
            value=channel,
        )
