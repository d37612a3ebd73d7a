"""What imports left behind them."""

from datetime import datetime

from django.db.models import Max

from billing.models import UsageBatch


def stored_last() -> datetime | None:
    """Return when call records were stored last, None before the first."""
    last: datetime | None = UsageBatch.objects.aggregate(last=Max("stored_at"))["last"]
    return last
