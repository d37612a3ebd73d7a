"""One table: what kind of file it is, and its rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.tabular import archive, compound, encoding, markup, text, workbook
from cardfleet.kernel.tabular.refusals import empty, unreadable
from cardfleet.kernel.tabular.rows import Rows

HEAD = 4096
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
NOT_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")
MARKUP = (b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta")


class Kind(StrEnum):
    """How a table is stored."""

    TEXT = "text"
    XLS = "xls"
    XLSX = "xlsx"
    XML = "xml"


@dataclass(frozen=True)
class Table:
    """A readable table. `encoding` and `delimiter` are of text only."""

    file: BinaryIO
    name: str
    kind: Kind
    encoding: str = ""
    delimiter: str = ""

    def rows(self) -> Rows:
        """Return the rows that hold anything, from the first; text is streamed. UnreadableFile at a damaged place."""
        if self.kind is Kind.TEXT:
            return text.read(self.file, self.encoding, self.delimiter)
        return markup.read(self.file) if self.kind is Kind.XML else workbook.read(self.file)

    def rows_and_lines(self, is_whole: Callable[[str], object]) -> Iterator[tuple[int, list[str] | str]]:
        """Return the rows of a text, but lines that `is_whole` takes as they stand, with their end."""
        return text.read_lines(self.file, self.encoding, self.delimiter, is_whole)

    def lines(self) -> int | None:
        """Return how many lines a text has; None for a workbook, whose rows are only known once it is parsed."""
        return text.count_lines(self.file) if self.kind is Kind.TEXT else None


def open_table(file: BinaryIO, name: str) -> Table:
    """Return the table in an open file (binary, seekable); the name is for people and decides nothing.

    UnreadableFile when it is empty, too large, no table, a zip bomb, cut off, or of an unknown encoding.
    """
    size = file.seek(0, 2)
    if size > settings.UPLOAD_MAX_BYTES:
        raise unreadable(
            "file_too_large",
            _("The file is larger than {limit} MB. Split it into smaller files.").format(
                limit=settings.UPLOAD_MAX_BYTES // 2**20
            ),
        )
    file.seek(0)
    head = file.read(HEAD)
    if not head.strip():
        raise empty()
    return _recognise(file, name, head)


def _recognise(file: BinaryIO, name: str, head: bytes) -> Table:
    if head.startswith(ZIP):
        archive.refuse_bomb(file)
        return Table(file, name, Kind.XLSX)
    if head.startswith(OLE):
        compound.refuse_endless(file)
        return Table(file, name, Kind.XLS)
    if head.startswith(NOT_TABLES):
        raise unreadable("file_no_table", _("This is no table. Send a CSV, XLS or XLSX file."))
    if markup.is_list(head):
        return Table(file, name, Kind.XML)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(MARKUP):
        raise unreadable(
            "file_is_web_page",
            _("This is a web page named like a spreadsheet. Open it in a spreadsheet program and save it as XLSX."),
        )
    found = encoding.detect(file)
    return Table(file, name, Kind.TEXT, found, text.sniff_delimiter(file, found))
