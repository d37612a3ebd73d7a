"""What of alerts and connections shows in `/metrics`."""

from django.db.models import Count, Min
from django.utils import timezone

from cardfleet.kernel.gauges import register
from cards.choices import Severity
from lifecycle.choices import AlertState
from lifecycle.models import Alert, Connection


def unanswered() -> dict[str, float]:
    """Count the alerts that nobody took up yet, by severity; those that rest do not count."""
    waiting = Alert.objects.awake(timezone.now()).filter(state=AlertState.OPEN).order_by()
    return dict.fromkeys(Severity.values, 0.0) | dict(waiting.values_list("severity").annotate(Count("pk")))


def oldest_critical() -> dict[str, float]:
    """Return for how many seconds the oldest critical one of them has waited."""
    now = timezone.now()
    waiting = Alert.objects.awake(now).filter(state=AlertState.OPEN, severity=Severity.CRITICAL).order_by()
    oldest = waiting.aggregate(at=Min("opened_at"))["at"]
    return {"": max((now - oldest).total_seconds(), 0) if oldest else 0}


def failing() -> dict[str, float]:
    """Count the connections that are switched on and have failed until people were told."""
    return {"": Connection.objects.filter(is_enabled=True, failing_since__isnull=False).count()}


register("cardfleet_alerts_waiting", "Alerts that nobody took up yet", unanswered, label="severity")
register("cardfleet_alerts_oldest_critical_seconds", "How long the oldest critical one has waited", oldest_critical)
register("cardfleet_connections_failing", "Connections that fail", failing)
