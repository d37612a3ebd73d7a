"""What billing tells people."""

from django.utils.translation import gettext_lazy as _

from cardfleet.notify.wording import register

USAGE_LACKS = register(
    "billing.usage_lacks",
    subject=_("Call records of {source} are missing: {days}"),
    body=_("Import them while the carrier still has them: until {until}. After that nobody can get them."),
)
USAGE_REFUSED = register(
    "billing.usage_refused",
    subject=_("A file of call records was refused: {name}"),
    body=_("{reason} The file lies in the folder refused of source {source}."),
)
