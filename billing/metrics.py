"""What of imported call records shows in `/metrics`."""

from datetime import datetime, timedelta

from django.utils import timezone

from billing.models import UsageBatch
from cardfleet.kernel.gauges import register

DAY = timedelta(days=1)
# Newest first, so that what is looked at does not grow with the years.
LATELY = 200


def speed() -> dict[str, float]:
    """Return rows read per second of working time, of the newest imports as jobs that were stored within a day."""
    newest = UsageBatch.objects.filter(job__started_at__isnull=False).order_by("-pk").values("pk")[:LATELY]
    stored = UsageBatch.objects.filter(pk__in=newest, stored_at__gt=timezone.now() - DAY)
    spans: dict[int, tuple[datetime, datetime]] = {}
    rows = 0
    for job, read, began, ended in stored.values_list("job", "rows_read", "job__started_at", "stored_at"):
        rows += read
        if job and began and ended:
            spans[job] = (began, max(ended, spans.get(job, (began, ended))[1]))
    seconds = sum((ended - began).total_seconds() for began, ended in spans.values())
    return {"": rows / seconds} if seconds > 0 else {}


register("cardfleet_import_rows_per_second", "Rows of call records read per second, over the last day", speed)
