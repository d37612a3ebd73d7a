"""What of webhooks shows in `/metrics`."""

from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from cardfleet.kernel.gauges import register
from cardfleet.webhooks.choices import OPEN, DeliveryState
from cardfleet.webhooks.models import Delivery, Webhook

LATE_AFTER = timedelta(minutes=5)


def waiting() -> dict[str, float]:
    """Count the events on their way, by what holds them up: late ones have been tried in vain or wait behind such."""
    late = Q(seal__at__lt=timezone.now() - LATE_AFTER)
    off = Q(webhook__is_active=False)
    found = Delivery.objects.filter(state__in=OPEN).aggregate(
        on_time=Count("pk", filter=~off & ~late), late=Count("pk", filter=~off & late), off=Count("pk", filter=off)
    )
    return dict(found)


def failed() -> dict[str, float]:
    """Count the events that failed for good, as long as they are kept."""
    return {"": Delivery.objects.filter(state=DeliveryState.FAILED).count()}


def switched_off() -> dict[str, float]:
    """Count the webhooks that were switched off by themselves."""
    return {"": Webhook.objects.filter(is_active=False).exclude(disabled_for="").count()}


register("cardfleet_webhook_waiting", "Events on their way to webhooks", waiting, label="how")
register("cardfleet_webhook_failed", "Events that never reached their webhook", failed)
register("cardfleet_webhooks_disabled", "Webhooks that were switched off by themselves", switched_off)
