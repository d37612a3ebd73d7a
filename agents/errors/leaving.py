"""What is refused about somebody who leaves."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Conflict, Refusal


class NoticeNotUsable(BadInput):
    """The last day of a notice makes no sense."""

    code = "notice_not_usable"
    sentence = _("The last day cannot be used. Correct it.")


class LeavesAlready(Conflict):
    """Somebody leaves once at a time."""

    code = "leaves_already"
    sentence = _("The leaving of this agent is recorded already. Take that back first, or go on with it.")


class LeavingClosed(Conflict):
    """The leaving is over."""

    code = "leaving_closed"
    sentence = _("This leaving is over. Nothing was changed.")


class NoticeOver(Conflict):
    """A notice is taken back before the person has left."""

    code = "notice_over"
    sentence = _("This agent has left. Let them rejoin instead, if they came back.")


class TaskByFact(Refusal):
    """Some tasks are done by what happens, not by saying so."""

    code = "task_by_fact"
    sentence = _("This task is done by what happens to the card or the sign-in; CardFleet notes it by itself.")


class LeavingUnfinished(Refusal):
    """Tasks are open yet."""

    code = "leaving_unfinished"
    sentence = _("This leaving is not wound up yet. See what is left.")


class ClaimsOpen(Refusal):
    """Claims of a leaver wait for finance."""

    code = "claims_open"
    sentence = _("Claims of theirs are open. Have them paid, refused or put away before you say that all is settled.")
