"""What lifecycle tells people."""

from django.utils.translation import gettext_lazy as _

from cardfleet.notify.wording import register

ALERTS = register(
    "lifecycle.alerts",
    subject=_("Needs attention: {count}"),
    body=_("{lines}"),
)
RULE_UNREADABLE = register(
    "lifecycle.rule_unreadable",
    subject=_("A carrier rule cannot be applied: {kind}"),
    body=_(
        "The further values of rule {kind}, version {version} from {start}, cannot be read. It is left out; a less "
        "specific rule of its kind holds where there is one. Write a new version of it."
    ),
)
MY_ALERTS = register(
    "lifecycle.my_alerts",
    subject=_("About your cards: {count}"),
    body=_("{lines}"),
)
