"""Corrected rows of a file: a table of the line each had and its cells, read beside the file they are of."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from django.utils.translation import gettext as _

from cardfleet.kernel.spreadsheets import guarded
from cardfleet.kernel.tabular import Kind, Row, Table

Corrected = tuple[int, Sequence[str]]


@dataclass(frozen=True)
class CorrectionTable(Table):
    """The rows of a file of corrections, each under the line it had in the original."""

    def rows(self) -> Iterator[Row]:
        """Yield them."""
        self.file.seek(0)
        lines = io.TextIOWrapper(self.file, encoding="utf-8-sig", newline="")
        try:
            reader = csv.reader(lines)
            next(reader, None)
            for line, *cells in reader:
                yield int(line), cells
        finally:
            lines.detach()


def table_of(file: BinaryIO) -> CorrectionTable:
    """Return a file of corrections as a table."""
    return CorrectionTable(file, "", Kind.TEXT)


def write(file: IO[bytes], header: Sequence[str], rows: Iterable[Corrected]) -> int:
    """Write corrected rows under a header and return how many there are."""
    text = io.TextIOWrapper(cast("BinaryIO", file), encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([_("line"), *map(guarded, header)])
    count = 0
    for line, cells in rows:
        writer.writerow([line, *(guarded(cell) for cell in cells)])
        count += 1
    text.flush()
    text.detach()
    return count
