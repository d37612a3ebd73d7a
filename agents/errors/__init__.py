"""What this app refuses, each with what to do next."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Conflict, NotAllowed, Refusal


class AgentHasLeft(Refusal):
    """The agent's employment ended."""

    code = "agent_has_left"
    sentence = _("This agent has left. Let them rejoin first, if they came back.")


class AgentNotOnHold(Refusal):
    """There is nothing to release."""

    code = "agent_not_on_hold"
    sentence = _("This agent is not on hold. There is nothing to release.")


class DatesRunBackwards(BadInput):
    """Somebody would leave before they joined."""

    code = "dates_run_backwards"
    sentence = _("The day of joining is after the day of leaving. Correct one of them.")


class TrainingRecordedAlready(Conflict):
    """The same course on the same day."""

    code = "training_recorded_already"
    sentence = _("This course is recorded for this day already. Revoke the record first if it is wrong.")


class TrainingRevokedAlready(Conflict):
    """A record is revoked once."""

    code = "training_revoked_already"
    sentence = _("This record is revoked already. Nothing was changed.")


class TrainingNotUsable(BadInput):
    """The day or score of a training record makes no sense."""

    code = "training_not_usable"


class AbsenceNotUsable(BadInput):
    """The days of an absence make no sense."""

    code = "absence_not_usable"
    sentence = _("These days cannot be used. Correct what is named.")


class AbsentThen(Conflict):
    """An agent is away once at a time."""

    code = "absent_then"
    sentence = _("This agent is already away on some of these days. End that absence first, or choose other days.")


class AbsenceOver(Conflict):
    """Nothing of the absence is left to end."""

    code = "absence_over"
    sentence = _("This absence is over already. Nothing was changed.")


class HandoutRefused(Refusal):
    """A card is not handed out while a condition is unmet; `context["met"]` says which are met (invariant 3)."""

    code = "handout_refused"
    sentence = _("This card cannot be handed to this agent now. See what would allow it.")


class NotTheHolder(NotAllowed):
    """Only the agent a card was handed to signs for it (R75)."""

    code = "not_the_holder"
    sentence = _("Only the agent this card was handed to can accept it. Let that agent sign in and accept.")


class HandoverEnded(Conflict):
    """The assignment was returned or undone meanwhile."""

    code = "handover_ended"
    sentence = _("This hand-over has ended already. Reload to see who holds the card now.")


class RemindedAlready(Conflict):
    """Nobody is reminded again and again within the hour."""

    code = "reminded_already"
    sentence = _("The agent was reminded within the last hour. Call them, or wait.")


class SignatureMissing(BadInput):
    """A receipt is signed by a drawing or by the typed name (R75)."""

    code = "signature_missing"
    sentence = _("Sign in the field, or type your name as it stands on your account.")


class TooManyCards(BadInput):
    """One act hands out so many cards at most."""

    code = "too_many_cards"
    sentence = _("At most 200 cards are handed out at once. Hand them out in several steps.")


class NothingChosen(BadInput):
    """An act without a card."""

    code = "nothing_chosen"
    sentence = _("No card was chosen. Scan or choose at least one.")


class ReservationNotUsable(BadInput):
    """A reservation whose period, cards or person make no sense."""

    code = "reservation_not_usable"


class ReservedThen(Conflict):
    """Some of the cards are reserved in that time already."""

    code = "reserved_then"
    sentence = _("A card is reserved in that time already. Choose other cards or another time.")


class ReservationEnded(Conflict):
    """A reservation is cancelled once."""

    code = "reservation_ended"
    sentence = _("This reservation has ended already. Nothing was changed.")


class RequestNotUsable(BadInput):
    """What an agent asks for makes no sense."""

    code = "request_not_usable"


class RequestDecided(Conflict):
    """Somebody decided on the request, or it was taken back, in the meantime."""

    code = "request_decided"
    sentence = _("This request no longer waits for you. Reload to see what became of it.")


class RequestNotApproved(Conflict):
    """Cards are handed out from an approved request only, once."""

    code = "request_not_approved"
    sentence = _("This request is not approved, or its cards were handed out already. Reload to see what became of it.")


class RequestOpen(Conflict):
    """An agent has one request waiting at a time."""

    code = "request_open"
    sentence = _("A request of yours waits already. Take it back first, if you need something else.")


class OwnRequest(NotAllowed):
    """Nobody decides on what they asked for themselves, nor twice on one request."""

    code = "own_request"
    sentence = _("Somebody else has to decide: you asked for this yourself or decided on it already.")


class NotAssigned(Conflict):
    """The card is in nobody's hands."""

    code = "not_assigned"
    sentence = _("Nobody holds this card, so there is nothing to take back.")


class UndoTooLate(Refusal):
    """A hand-out is undone before it is accepted or on its day; later it is a return."""

    code = "undo_too_late"
    sentence = _("This hand-out was accepted and is not from today. Take the card back with a return instead.")


class HeldThen(Conflict):
    """The period runs into one in which the card was assigned."""

    code = "held_then"
    sentence = _("Somebody held this card in that time. Choose a start after the last return.")


class StartNotUsable(BadInput):
    """A hand-out begins neither in the future nor in a closed month (invariant 6)."""

    code = "start_not_usable"


class ReturnNotUsable(BadInput):
    """A returned card goes to stock, to the spares, or to the faulty ones."""

    code = "return_not_usable"


class ReasonMissing(BadInput):
    """A deed that needs its reason came without one."""

    code = "reason_missing"
    sentence = _("Say why. The reason is kept in the journal.")


class AgentFileRefused(BadInput):
    """A whole agent file cannot be used."""

    code = "file_refused"
    sentence = _("This file cannot be used. Nothing was stored.")


class CalleeRowsRefused(BadInput):
    """Listings that cannot be stored as they were sent."""

    code = "callees_refused"
    sentence = _("Some rows cannot be used. Correct the places named and send them again.")


class CalleeFileRefused(BadInput):
    """A whole file of listings cannot be used."""

    code = "callee_file_refused"
    sentence = _("This file cannot be used. Nothing was stored.")


class ListingEnded(Conflict):
    """A listing is withdrawn once."""

    code = "listing_ended"
    sentence = _("This entry has ended already. Nothing was changed.")


class TakeClosed(Conflict):
    """The count has ended."""

    code = "take_closed"
    sentence = _("This stock-take is closed. Start another one to count again.")


class TakeUnsettled(Refusal):
    """Differences are settled before a count is closed, or a reason says why not."""

    code = "take_unsettled"
    sentence = _("Differences are not settled yet. Settle them, or say why the stock-take is closed all the same.")


class TakeEmpty(BadInput):
    """There is no card to be counted, or it is not said where."""

    code = "take_empty"
    sentence = _("Name one place or one agent whose cards are counted.")


class ConfirmationSettled(Conflict):
    """There is nothing left to put right."""

    code = "confirmation_settled"
    sentence = _("This is settled already.")
