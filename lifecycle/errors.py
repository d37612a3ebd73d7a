"""What this app refuses, each with what to do next."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Conflict


class AlertClosed(Conflict):
    """The alert's cause is gone already."""

    code = "alert_closed"
    sentence = _("This alert is closed already: its cause is gone.")
