"""What files of call records ought to have come by now, source by source."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from billing.choices import BatchState
from billing.models import UsageBatch, UsageSource
from billing.rules.expectations import Every, Span, due_spans, lacking
from cardfleet.kernel.clock import business_day, day_start

LOOKED_AT = timedelta(days=200)


@dataclass(frozen=True)
class Expected:
    """A source that delivers regularly: its last day with calls, and the spans that lack."""

    source: UsageSource
    last_day: date | None
    lacks: Sequence[Span]


def expected(*, today: date) -> list[Expected]:
    """Return every source with a schedule. Two queries."""
    sources = list(UsageSource.objects.exclude(expected_every="").order_by("slug"))
    delivered = _delivered(sources, today)
    return [_expected(source, delivered[source.pk], today) for source in sources]


def _expected(source: UsageSource, files: list[tuple[date, date]], today: date) -> Expected:
    every = cast("Every", source.expected_every)
    due = due_spans(every, within_days=source.expected_within_days, today=today)
    return Expected(source, max((last for _first, last in files), default=None), lacking(due, files))


def _delivered(sources: list[UsageSource], today: date) -> defaultdict[int, list[tuple[date, date]]]:
    stored = UsageBatch.objects.filter(source__in=sources, state=BatchState.STORED)
    recent = stored.filter(last_at__gte=day_start(today - LOOKED_AT))
    found: defaultdict[int, list[tuple[date, date]]] = defaultdict(list)
    for source, first, last in recent.values_list("source_id", "first_at", "last_at"):
        if first and last:
            found[source].append((business_day(first), business_day(last)))
    return found
