"""What lifecycle tells people."""

from django.utils.translation import gettext_lazy as _

from cardfleet.notify.wording import register

ALERTS = register(
    "lifecycle.alerts",
    subject=_("Needs attention: {count}"),
    body=_("{lines}"),
)
MY_ALERTS = register(
    "lifecycle.my_alerts",
    subject=_("About your cards: {count}"),
    body=_("{lines}"),
)
