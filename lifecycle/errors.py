"""What this app refuses, each with what to do next."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Conflict, Refusal


class AlertClosed(Conflict):
    """The alert's cause is gone already."""

    code = "alert_closed"
    sentence = _("This alert is closed already: its cause is gone.")


class TakenBack(Conflict):
    """The row was taken back before, or takes one back itself."""

    code = "taken_back"
    sentence = _("This entry was taken back already. Record it anew if it holds after all.")


class MarkedAlready(Conflict):
    """The platform's mark is on record."""

    code = "marked_already"
    sentence = _("This mark is on record already. End it before you record a new one.")


class MarkEnded(Conflict):
    """The mark was ended before."""

    code = "mark_ended"
    sentence = _("This mark has ended already.")


class VerifiedAlready(Conflict):
    """The clock was stopped before."""

    code = "verified_already"
    sentence = _("This re-verification is done already.")


class NotADemo(Refusal):
    """The demo fleet goes into an empty database only."""

    code = "not_a_demo"
    sentence = _("There are cards or agents here that the demo did not make. Use another database for the demo.")
