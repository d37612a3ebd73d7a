"""The state of a card in words for who holds it: what it means, what to do; and what to do about each alert (R34, R68).

The words never send anybody to another card: whether a spare may stand in is for the supervisor and the gates.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text
from cards.choices import CustodyState, ServiceState, StopReason
from cards.rules.transitions import CONDUCT
from lifecycle.choices import AlertKind

State, Reason = ServiceState, StopReason


@dataclass(frozen=True)
class Words:
    """What a state means for who holds the card, and what to do."""

    meaning: Text
    todo: Text


SUPERVISOR = _("Your supervisor sees to it and tells you when you may call again.")
MEANINGS: Mapping[str, Text] = {
    State.PENDING: _("The carrier has not activated the number yet."),
    State.ACTIVE: _("You can call and be called."),
    State.HALF_STOP: _("You can be called, but you cannot call."),
    State.FULL_STOP: _("You can neither call nor be called."),
    State.VOLUNTARY_STOP: _("We had the carrier pause the number; it keeps it for us."),
    State.LOST_STOP: _("The carrier stopped the number because the card was reported lost."),
    State.FORCED_STOP: _("The carrier stopped the number for how it was used."),
    State.REVERIFY_STOP: _("The carrier stopped the number until its registrant has verified again."),
    State.CANCEL_PENDING: _("The number is being cancelled. It still works."),
    State.PRE_CANCELLED: _("The carrier is about to end the number."),
}
ENDED = _("The number is no longer ours.")
TODO: Mapping[str, Text] = {
    State.PENDING: _("Wait; your supervisor has it activated."),
    State.ACTIVE: "",
    State.CANCEL_PENDING: _("Make no important calls with it, and give it back when you are asked to."),
    State.LOST_STOP: _("If you find it, tell your supervisor before you use it."),
    State.VOLUNTARY_STOP: _("Ask your supervisor if you need it again."),
}
BY_REASON: Mapping[str, Text] = {
    Reason.ARREARS: _("It is the company's to pay. Do not top up yourself; after the payment it works within a day."),
    Reason.HIGH_FEE: _("It is the company's to pay. Do not top up yourself; after the payment it works within a day."),
    Reason.REAL_NAME: _("The registrant has to show the ID to the carrier. If that is you, your supervisor asks you."),
    Reason.REVERIFICATION: _("If you are registered as its user, verify as the carrier's message says, today."),
    Reason.MAINTENANCE: _("Nothing is wrong with the card. Try again when the carrier's works are over."),
    Reason.CARD_FAULT: _("Report the fault, if you have not; the carrier mends it or gives a new SIM."),
    Reason.EXPIRED: _("Its time is over. Your supervisor renews it or takes it back."),
    Reason.IDLE: _("It was not used for long. Say whether you still need it."),
    Reason.LOST: _("If you find it, tell your supervisor before you use it."),
    Reason.STOLEN: _("If you find it, tell your supervisor before you use it."),
}
CONDUCT_TODO = _("Do not call from another card instead. Compliance looks into it and must release it first.")
BY_CUSTODY: Mapping[str, Words] = {
    CustodyState.FAULTY: Words(
        _("You or somebody else reported that it does not work."), _("Do not use it until the fault is closed.")
    ),
    CustodyState.MISSING: Words(
        _("It was reported lost."), _("If you find it, tell your supervisor before you use it.")
    ),
    CustodyState.RESTING: Words(_("It rests."), _("Do not use it until your supervisor ends the rest.")),
    CustodyState.RETURN_DUE: Words(
        _("It is to be given back."), _("Give it to your supervisor, with its accessories.")
    ),
}

HOLDER_ADVICE: Mapping[str, Text] = {
    AlertKind.STOPPED: SUPERVISOR,
    AlertKind.SUSPENSION_RISK: _("Call less for the rest of the day, agreed customers first."),
    AlertKind.ARREARS: _(
        "It is the company's to pay. Do not top up yourself; after the payment it works within a day."
    ),
    AlertKind.LOW_BALANCE: _("Keep calls short until it is topped up; finance has been told."),
    AlertKind.FEE_SPIKE: _("Say whether anybody else used it; finance looks through what it cost."),
    AlertKind.CARD_EXPIRY: _("Say whether you still need it; your supervisor renews it or takes it back."),
    AlertKind.CONTRACT_END: _("Say whether you still need it; your supervisor renews it or takes it back."),
    AlertKind.REAL_NAME_EXPIRY: _("If you are asked for your ID, show it to the carrier only."),
    AlertKind.TRAINING_EXPIRY: _("Pass the course again before it lapses; without it you get no card."),
    AlertKind.TRAINING_LAPSED: _("Pass the course again; until you have, your supervisor takes your cards back."),
    AlertKind.IDLE: _("It was not used for long. Say whether you still need it."),
    AlertKind.CARRIER_SIGNAL: _("Stop calling and report what you hear."),
    AlertKind.REVERIFICATION: _("If you are registered as its user, verify as the carrier's message says, today."),
    AlertKind.APPROVAL: SUPERVISOR,
    AlertKind.CASE: SUPERVISOR,
    AlertKind.DESK: SUPERVISOR,
    AlertKind.CONNECTION: SUPERVISOR,
    AlertKind.LEAVER: _("Give it to your supervisor, with its accessories."),
    AlertKind.SECRET_CHANGE: _("Change PIN and password in the phone, then record the new ones here."),
}


def in_words(service_state: str, *, stop_reason: str = "", custody_state: str = CustodyState.ISSUED) -> Words:
    """Return what the state of a card means and what to do. Where the plastic is goes before a working number."""
    if service_state == State.ACTIVE and custody_state in BY_CUSTODY:
        return BY_CUSTODY[custody_state]
    meaning = MEANINGS.get(service_state, ENDED)
    if service_state in (State.ACTIVE, State.CANCEL_PENDING):
        return Words(meaning, TODO[service_state])
    if stop_reason in CONDUCT or service_state == State.FORCED_STOP:
        return Words(meaning, CONDUCT_TODO)
    return Words(meaning, BY_REASON.get(stop_reason, TODO.get(service_state, SUPERVISOR)))
