"""What this app refuses, each with what to do next."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Conflict, Refusal


class AlertClosed(Conflict):
    """The alert's cause is gone already."""

    code = "alert_closed"
    sentence = _("This alert is closed already: its cause is gone.")


class NotADemo(Refusal):
    """The demo fleet goes into an empty database only."""

    code = "not_a_demo"
    sentence = _("There are cards or agents here that the demo did not make. Use another database for the demo.")
