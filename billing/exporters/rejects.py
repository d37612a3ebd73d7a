"""The refused rows of a batch as a file that can be corrected and imported again."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from billing.models import UsageBatch
from cardfleet.kernel.spreadsheets import guarded


def write_rejects(batch: UsageBatch, path: Path) -> None:
    """Write the refused rows to a CSV (UTF-8 with a mark): their own cells and, under a header, line and reason."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(reject_rows(batch))


def file_name(batch: UsageBatch) -> str:
    """Return a name that keeps the own number, so that the file can come back without it being typed again."""
    number = batch.own_number.removeprefix("+86")
    return f"rejected-{batch.pk}{f'-{number}' if number else ''}.csv"


def reject_rows(batch: UsageBatch) -> Iterator[list[str]]:
    """Yield the header where the file has one, then the refused rows in their order."""
    if batch.header:
        yield [*map(guarded, batch.header), _("line"), _("reason")]
    for reject in batch.rejects.open().order_by("line").iterator():
        cells = [guarded(cell or "") for cell in reject.cells]
        yield [*cells, str(reject.line), reject.message] if batch.header else cells
