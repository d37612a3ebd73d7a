"""The file in which refused lines come back: as they were sent, with line, column and reason beside them.

It is of the kind that was sent (an XLS comes back as XLSX), all cells texts, so that it can be corrected and sent
again. Secrets are left out, as files lie about; their columns stay for filling them in again.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from django.utils.translation import gettext as _

from cardfleet.kernel.spreadsheets import Column, csv_chunks, write_xlsx
from cardfleet.kernel.tabular import Kind
from cards.importers.cards import REJECT, SECRET, CardSheet
from cards.importers.rows import Line


def suffix(sheet: CardSheet) -> str:
    """Return how the name of the file in which lines of this one come back ends."""
    return ".csv" if sheet.kind is Kind.TEXT else ".xlsx"


def write_rejects(target: BinaryIO, sheet: CardSheet, refused: Sequence[Line]) -> None:
    """Write the refused lines of a card file in the active language."""
    kept = _kept(sheet)
    columns = [Column(sheet.header.cells[index]) for index in kept]
    columns += [Column(_("Line")), Column(_("Column")), Column(_("Reason"))]
    rows = _rows(sheet, kept, refused)
    if sheet.kind is Kind.TEXT:
        target.writelines(csv_chunks(columns, rows))
    else:
        write_xlsx(target, columns, rows)


def _kept(sheet: CardSheet) -> list[int]:
    """Return the columns that come back: all but those an earlier reject file added."""
    added = {sheet.header.columns.get(name) for name in REJECT}
    return [index for index in range(len(sheet.header.cells)) if index not in added]


def _rows(sheet: CardSheet, kept: Sequence[int], refused: Sequence[Line]) -> Iterator[list[str]]:
    hidden = {sheet.header.columns.get(name) for name in SECRET}
    for line in refused:
        cells = dict(enumerate(line.cells))
        had_secret = any(cells.get(index, "").strip() for index in hidden if index is not None)
        shown = ["" if index in hidden else cells.get(index, "") for index in kept]
        yield [*shown, str(line.number), _columns(line), _reasons(line, had_secret=had_secret)]


def _columns(line: Line) -> str:
    return ", ".join(dict.fromkeys(reason.column for reason in line.reasons if reason.column))


def _reasons(line: Line, *, had_secret: bool) -> str:
    sentences = [f"{reason.message} {reason.clears}".strip() for reason in line.reasons]
    if had_secret:
        sentences.append(_("PIN, PUK and password are left out here. Fill them in again."))
    return " ".join(sentences)
