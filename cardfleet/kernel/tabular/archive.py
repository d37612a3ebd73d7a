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
# A row or cell that says where it stands, and one that says it as every spreadsheet does: the reader reckons with
# whatever else stands there, and makes room for it.
PLACED = re.compile(rb"""<(?:[\w.-]+:)?(?:c|row)\s[^<>]*?\br\s*=""")
PLACE = re.compile(
    rb"""<(?:[\w.-]+:)?(?:c\s(?:[^<>]*?\s)?r=["']([A-Z]{1,3})|row\s(?:[^<>]*?\s)?r=["'])([0-9]{1,7})["']"""
)
# What spreadsheets write, and what none of them does: tags like these alone are looked at more closely, which takes
# four times as long.
PLAIN = re.compile(rb"""<(?:c r="([A-Z]{1,3})|row r=")([0-9]{1,7})\"""")
ODD = re.compile(rb"<(?:[\w.-]+:(?:c|row)[\s/>]|(?:c|row)[\t\r\n/>])")
ROW = re.compile(rb"<(?:[\w.-]+:)?row\b")
UNPLACED = re.compile(rb"""<(?:[\w.-]+:)?c(?=[\s/>])(?![^<>]*?\br\s*=)""")
BEGUN = re.compile(rb"<(?:[\w.-]+:)?(?:c|row)\s")
MAX_TAG = 1 << 16


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
    """Unfold one part, which also checks its sum, and stop where it grows or spreads beyond reason.

    A sheet may lie anywhere in the archive, so that every part is looked through for cells.
    """
    size, spread, tag = 0, Spread(), b""
    with archive.open(part) as unfolding:
        while chunk := unfolding.read(CHUNK):
            size += len(chunk)
            if size > MAX_BYTES or (size > RATIO_FROM and size > MAX_RATIO * part.compress_size):
                raise _bomb()
            text = tag + chunk
            begun = text.rfind(b"<")
            cut = begun if begun >= 0 and b">" not in text[begun:] else len(text)
            text, tag = text[:cut], text[cut:]
            spread.look_at(text)
            if spread.cells > MAX_CELLS:
                raise _bomb()
            if len(tag) > MAX_TAG:
                if BEGUN.match(tag):
                    raise damaged()
                tag = b""


class Spread:
    """How far the cells of a sheet spread, as the reader reckons: by their places, or one after another."""

    def __init__(self) -> None:
        self.rows = self.last = self.column = self.in_row = self.widest = 0

    @property
    def cells(self) -> int:
        """The cells of the rectangle around all of them."""
        return max(self.rows, self.last) * (self.column + self.widest)

    def look_at(self, text: bytes) -> None:
        """Take in the next whole tags of a part. UnreadableFile where one stands at no place that there is."""
        places, rows = PLAIN.findall(text), text.count(b"<row ")
        if ODD.search(text) or len(places) != text.count(b"<c ") + rows:
            places = self._odd(text)
        else:
            self.rows += rows
        self.last = max(self.last, max((int(line) for _column, line in places), default=0))
        columns = {column for column, _line in places if column}
        self.column = max(self.column, max(map(_column_number, columns), default=0))

    def _odd(self, text: bytes) -> list[tuple[bytes, bytes]]:
        places = PLACE.findall(text)
        if len(places) != len(PLACED.findall(text)):
            raise damaged()
        of_before, *rows = ROW.split(text)
        self.rows += len(rows)
        for place, row in enumerate((of_before, *rows)):
            self.in_row = len(UNPLACED.findall(row)) + (0 if place else self.in_row)
            self.widest = max(self.widest, self.in_row)
        return places


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
