"""How a file that waits for its import would be read, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.choices import BatchState, UsageValue
from billing.importers.layout import Layout
from billing.models import UsageBatch
from billing.services.usage_preview import ReadRow, preview
from billing.services.usage_requests import recognised, sample_of
from cardfleet.kernel.errors import BadInput

AHEAD = 2
OUTSIDE = 1


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What each column is taken for, the first rows, what to look at; or why nothing can be read yet."""

    layout: Layout | None = None
    columns: Sequence[tuple[str, str]] = ()
    left_out: Sequence[str] = ()
    rows: Sequence[ReadRow] = ()
    warnings: Sequence[str] = ()
    refusal: BadInput | None = None
    raw: Sequence[tuple[int, list[str]]] = field(default_factory=list)


def reading_of(batch: UsageBatch, *, now: datetime) -> Reading:
    """Return how a batch would be read."""
    try:
        layout = recognised(batch, now=now)
    except BadInput as refusal:
        return Reading(refusal=refusal, raw=batch.sample[:5])
    rows = preview(sample=sample_of(batch, now=now), layout=layout, source=batch.source, now=now)
    return Reading(
        layout=layout,
        columns=[(title, meaning(value)) for value, title in layout.titles.items() if value in UsageValue.values],
        left_out=[title for title in layout.header if title.strip() and title.strip() not in layout.titles.values()],
        rows=rows,
        warnings=[*_known(batch), *_odd(rows)],
    )


def meaning(value: str) -> str:
    """Return what a value is, in words."""
    return str(UsageValue(value).label)


def _known(batch: UsageBatch) -> Iterator[str]:
    same = UsageBatch.objects.filter(sha256=batch.sha256, source=batch.source, state=BatchState.STORED)
    if before := same.exclude(pk=batch.pk).order_by("-id").first():
        yield _("This very file was imported before, as number {pk}. Its calls are not stored twice.").format(
            pk=before.pk
        )


def _odd(rows: Sequence[ReadRow]) -> Iterator[str]:
    refused = [row for row in rows if row.code]
    if refused:
        words = ngettext(
            "{count} of the first rows is refused.", "{count} of the first rows are refused.", len(refused)
        )
        yield words.format(count=len(refused))
    if rows and all(row.code == "unknown_card" for row in refused) and len(refused) == len(rows):
        yield _("None of the first rows belongs to a card of the fleet. Is the own number right?")
    if any((row.flags or 0) & AHEAD for row in rows):
        yield _("Calls lie ahead of the clock. Are day and month the right way round?")
    if any((row.flags or 0) & OUTSIDE for row in rows):
        yield _("Calls lie outside the life of their card; they are stored and flagged.")
