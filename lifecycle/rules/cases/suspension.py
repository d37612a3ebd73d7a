"""What follows from why a card was stopped: its playbook, whether another card may take over (R34-R39, R44-R47)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.choices import STOPPED, ServiceState, StopReason
from cards.rules.transitions import CONDUCT
from lifecycle.choices import StopGroup

# Stops that a carrier makes; those at our own request and losses are none of its doing.
BY_CARRIER = STOPPED - {ServiceState.VOLUNTARY_STOP, ServiceState.LOST_STOP}
GROUPS: Mapping[StopGroup, frozenset[StopReason]] = {
    StopGroup.MONEY: frozenset({StopReason.ARREARS, StopReason.HIGH_FEE}),
    StopGroup.CONDUCT: CONDUCT,
    StopGroup.IDENTITY: frozenset({StopReason.REAL_NAME, StopReason.REVERIFICATION}),
    StopGroup.WORKS: frozenset({StopReason.MAINTENANCE}),
    StopGroup.PLASTIC: frozenset({StopReason.CARD_FAULT, StopReason.EXPIRED}),
    StopGroup.LOST: frozenset({StopReason.LOST, StopReason.STOLEN}),
    StopGroup.UNKNOWN: frozenset({StopReason.IDLE, StopReason.NOT_ACTIVATED, StopReason.OTHER}),
}
GROUP_OF: Mapping[str, StopGroup] = {reason: group for group, reasons in GROUPS.items() for reason in reasons}
# What a carrier can say was the cause.
CAUSES = tuple((reason.value, reason.label) for reason in StopReason if reason in GROUP_OF)
# A spare or a new card in these cases would only go on with what the carrier forbade (domain.md section 7, 9 and 10).
PENALISED = frozenset({StopGroup.CONDUCT, StopGroup.IDENTITY})
# So many stops of one carrier and reason in one import are works of the carrier's, not matters of single cards.
UNEXPLAINED = frozenset({"", StopReason.MAINTENANCE, StopReason.OTHER})


@dataclass(frozen=True, kw_only=True)
class FoundStop:
    """A stop that nobody reported but a file or a failed call told of. `is_explained`: by a carrier's notice."""

    card_id: int
    carrier_id: int
    reason: str
    at: datetime
    is_explained: bool = False


def group_of(reason: str) -> StopGroup:
    """Return how a stop for a reason is ended; an unknown reason is asked for first."""
    return GROUP_OF.get(reason, StopGroup.UNKNOWN)


def worth_opening(found: Sequence[FoundStop], *, storm_at: int) -> list[FoundStop]:
    """Return the stops that deserve a case each (R38: works of a carrier are one matter, and nobody can mend them).

    Left out are those a notice explains, and a crowd of one carrier's without a reason of its own. A crowd stopped
    for arrears or a violation has a case a card all the same, for each has to be paid or put right.
    """
    crowds = Counter((stop.carrier_id, stop.reason) for stop in found if stop.reason in UNEXPLAINED)
    return [
        stop for stop in found if not stop.is_explained and crowds.get((stop.carrier_id, stop.reason), 0) < storm_at
    ]


def replacement_refusal(*, reasons: Iterable[str], is_released: bool) -> Reason | None:
    """Return why no other card may take over (R47): the stop is a penalty and compliance has not released it."""
    if is_released or not any(group_of(reason) in PENALISED for reason in reasons):
        return None
    return Reason(
        code="replacement_dodges",
        message=_("The carrier stopped this card as a penalty, or to verify its user. Another card would dodge that."),
        clears=_("Put right what was found, verify the registrant, and let compliance release the card first."),
    )


def cause_refusal(*, reasons: Iterable[str], cause: str, has_file: bool) -> Reason | None:
    """Return why a cause cannot be taken as confirmed: a penalty becomes something else only by the carrier's letter.

    Otherwise a word would be enough to get round rectification and compliance (R44, R46). `reasons` are those of the
    case and of the card's history.
    """
    if has_file or not _is_softer(cause, reasons):
        return None
    return Reason(
        code="cause_needs_proof",
        message=_("The card was stopped as a penalty. That it was something else needs the carrier's word in writing."),
        clears=_("Attach the carrier's message or letter."),
        field="evidence",
    )


def opening_refusals(*, service_state: str, stop_reason: str, reason: str) -> Iterator[Reason]:
    """Yield why a stop of a card is no suspension, or not for this reason. The report may precede the stop."""
    if service_state == ServiceState.VOLUNTARY_STOP:
        yield Reason(
            code="own_stop",
            message=_("The card rests at our own request, so there is nothing to put right."),
            clears=_("Resume it at the carrier and record that it is in service."),
        )
    if service_state in BY_CARRIER and _is_softer(reason, (stop_reason,)):
        yield Reason(
            code="reason_softer",
            message=_("The card's history says that it was stopped as a penalty or to verify its user."),
            clears=_("Choose that reason; what the carrier says afterwards is recorded as the cause."),
            field="reason",
        )


def _is_softer(reason: str, than: Iterable[str]) -> bool:
    return group_of(reason) not in PENALISED and any(group_of(other) in PENALISED for other in than)
