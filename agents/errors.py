"""What this app refuses, each with what to do next."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Conflict, NotAllowed, Refusal


class AgentHasLeft(Refusal):
    """The agent's employment ended."""

    code = "agent_has_left"
    sentence = _("This agent has left. Enter a returning person as a new agent.")


class AgentNotOnHold(Refusal):
    """There is nothing to release."""

    code = "agent_not_on_hold"
    sentence = _("This agent is not on hold. There is nothing to release.")


class StaffNumberTaken(Conflict):
    """Another person has the staff number."""

    code = "staff_number_taken"
    sentence = _("Another person has this staff number. Check it, or open that person's page.")


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


class NotTheHolder(NotAllowed):
    """Only the agent a card was handed to signs for it (R75)."""

    code = "not_the_holder"
    sentence = _("Only the agent this card was handed to can accept it. Let that agent sign in and accept.")


class HandoverEnded(Conflict):
    """The assignment was returned or undone meanwhile."""

    code = "handover_ended"
    sentence = _("This hand-over has ended already. Reload to see who holds the card now.")


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
