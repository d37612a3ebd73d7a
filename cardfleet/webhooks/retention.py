"""How long what was sent to receivers is kept."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.retention import Category, Effect, Floor, Rows, deleted, register
from cardfleet.webhooks.choices import OPEN
from cardfleet.webhooks.models import Delivery

SENT = Floor(months=6, basis=_("Network logs are kept six months at least (Cybersecurity Law, art. 21)."))


def past_deliveries(moment: datetime) -> QuerySet[Delivery]:
    """Return events, with each attempt to send them, of which nothing more will come."""
    return Delivery.objects.filter(due_at__lt=moment).exclude(state__in=OPEN)


DELIVERIES = Rows(past=past_deliveries, at="due_at", drop=deleted)

register(
    Category(
        code="webhook_events",
        label=_("Events sent to webhooks, with each attempt"),
        floor=SENT,
        default=6,
        since=_("the event"),
        effect=Effect.DELETED,
        look=DELIVERIES.look,
        drop=DELIVERIES.go,
        at_once=500_000,
    )
)
