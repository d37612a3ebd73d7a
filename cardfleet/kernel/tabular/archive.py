"""Keeps a small upload from unfolding into all of the memory (an XLSX is a zip of XML)."""

import re
import zipfile
import zlib
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.tabular.refusals import UnreadableFile, damaged, unreadable

CHUNK = 1 << 20
# What Python's reader says of damaged archives; the last two of places before the beginning and of unreadable names.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
MAX_PARTS = 5_000
MAX_BYTES = 1 << 30
MAX_RATIO = 150  # a sheet of equal rows compresses some 60 times, a bomb up to 1,032 times
RATIO_FROM = 10 << 20
MAX_CELLS = 30_000_000  # the reader holds the rectangle around all cells, filled or not
CELL = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["']""")
OVERLAP = 32


def refuse_bomb(file: BinaryIO) -> None:
    """UnreadableFile when the zip is no XLSX, is damaged, unfolds too far or spans too many cells.

    The sizes a zip declares may lie, so that every part is unfolded and counted before anything parses it.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _refuse_declared(archive.infolist())
            for part in archive.infolist():
                _count(archive, part)
    except BROKEN as error:
        raise damaged() from error


def _refuse_declared(parts: list[zipfile.ZipInfo]) -> None:
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise unreadable("file_no_table", _("This is no table. Send a CSV, XLS or XLSX file."))
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_BYTES:
        raise _bomb()


def _count(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unfold one part, which also checks its sum, and stop where it grows or spreads beyond reason."""
    is_sheet = part.filename.startswith("xl/worksheets/")
    size, lines, columns, tail = 0, 0, set[bytes](), b""
    with archive.open(part) as unfolding:
        while chunk := unfolding.read(CHUNK):
            size += len(chunk)
            if size > MAX_BYTES or (size > RATIO_FROM and size > MAX_RATIO * part.compress_size):
                raise _bomb()
            if is_sheet:
                cells = CELL.findall(tail + chunk)
                columns.update(column for column, _line in cells)
                lines = max(lines, max((int(line) for _column, line in cells), default=0))
                tail = chunk[-OVERLAP:]
    if lines * max(map(_column_number, columns), default=0) > MAX_CELLS:
        raise _bomb()


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _bomb() -> UnreadableFile:
    return unreadable(
        "file_unfolds_too_far",
        _("This workbook is far larger inside than it looks. Copy its rows into a new workbook and send that."),
    )
