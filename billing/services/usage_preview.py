"""The first rows of a file as an import would read them, by the import's own statements; nothing is stored."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from billing.importers import staging
from billing.importers.layout import Layout, Sample
from billing.models import UsageSource
from billing.services.sources import ensure_source
from billing.services.usage_bundles import unpacked
from billing.services.usage_import import recognise, resolve_staged
from billing.services.usage_requests import Delivery
from cardfleet.kernel.tabular import Kind, Row, Table

PREVIEWED = 10
ROWS = """
SELECT line, msisdn, started_at, direction, counterpart, duration_s, answered, fee, code, place, skipped, flags
FROM usage_row ORDER BY line
"""


@dataclass(frozen=True)
class ReadRow:
    """A row as it was read; `code` says why it would be refused, `place` which value is at fault."""

    line: int
    msisdn: str
    started_at: datetime | None
    direction: str | None
    counterpart: str | None
    duration_s: int | None
    answered: bool | None
    fee: Decimal | None
    code: str | None
    place: str
    skipped: bool
    flags: int | None


@dataclass(frozen=True)
class Lines(Table):
    """Rows at hand, as a table."""

    at_hand: Sequence[Row] = ()

    def rows(self) -> Any:
        """Return them."""
        return iter(self.at_hand)


def lines_of(rows: Sequence[Row]) -> Lines:
    """Return rows at hand as a table."""
    return Lines(io.BytesIO(), "", Kind.TEXT, at_hand=rows)


def preview(*, sample: Sample, layout: Layout, source: UsageSource, now: datetime) -> list[ReadRow]:
    """Return the first rows of calls as they would be read and whose they would be."""
    rows = [row for row in sample.rows if row[0] >= layout.first_line][:PREVIEWED]
    try:
        staging.stage(lines_of(rows), layout, progress=lambda _rows: None)
        resolve_staged(layout, source, now=now)
        with connection.cursor() as cursor:
            cursor.execute(ROWS)
            return [ReadRow(*row) for row in cursor.fetchall()]
    finally:
        staging.drop()


def look_at(delivery: Delivery, *, now: datetime) -> list[ReadRow]:
    """Return the first rows of a file that is not stored, of an archive those of its first. BadInput where none can be.

    The source need not be there; nothing is written.
    """
    one = next(unpacked(delivery), delivery)
    upload = one.upload()
    sample = upload.sample(upload.table(), now)
    layout = recognise(sample, source=one.source, wanted=one.wanted)
    with transaction.atomic():
        source = ensure_source(slug=one.source, role=one.role, actor=None, now=now, default=layout.role)
        rows = preview(sample=sample, layout=layout, source=source, now=now)
        transaction.set_rollback(True)
    return rows
