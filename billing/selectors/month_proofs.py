"""Whether closed months are still what they were closed with."""

from collections.abc import Iterator

from billing.models import ClosedMonth
from billing.selectors.month_figures import month_figures


def wrong_months() -> Iterator[str]:
    """Yield each closed month whose entries or cost report are not those it was closed with."""
    for closed in ClosedMonth.objects.order_by("month"):
        present = month_figures(closed.month)
        differing = sorted(name for name, value in present.items() if closed.figures.get(name) != value)
        if differing:
            yield f"month {closed}: {', '.join(differing)} differ from what it was closed with"
