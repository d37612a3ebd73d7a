"""Rows of JSON answers as a table of calls in the generic columns, which the import of call records reads."""

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.files.base import ContentFile

from billing.importers.mapped_json import Mapped, call
from lifecycle.importers.connectors.interface import CallFile
from lifecycle.importers.connectors.json_rows import SHARES
from lifecycle.rules.connections.http import HttpSettings

COLUMNS = ("msisdn", "started_at", "direction", "counterpart", "duration_s", "fee", "uid", "answered")
FACTORS = {**SHARES, "seconds": Decimal(1), "minutes": Decimal(60)}
MOST_DIGITS = 20  # written out, 1e999999 would be a megabyte


def as_table(rows: Sequence[Any], settings: HttpSettings) -> CallFile:
    """Return rows as a CSV; what cannot be read is left as it is, for the import to refuse with its line."""
    mapping = Mapped(columns=settings.fields, words=settings.words, utc=settings.times == "utc")
    mapped = [column for column in COLUMNS if column in settings.fields]
    target = io.StringIO()
    writer = csv.DictWriter(target, mapped)
    writer.writeheader()
    for row in rows:
        cells = call(row, mapping) if isinstance(row, Mapping) else {}
        writer.writerow({name: _scaled(cells.get(name, ""), settings.units.get(name)) for name in mapped})
    content = ContentFile(target.getvalue().encode())
    return CallFile(content=content, name="answers.csv", source=settings.source, rows=len(rows))


def _scaled(said: str, unit: str | None) -> str:
    if unit is None or not said:
        return said
    try:
        written = Decimal(said)
    except InvalidOperation:
        return said
    if not written.is_finite() or abs(written.adjusted()) > MOST_DIGITS:
        return said
    return format((written * FACTORS[unit]).normalize(), "f")
