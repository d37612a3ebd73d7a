"""CSV and TSV, streamed."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, islice
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.tabular.refusals import empty, unreadable
from cardfleet.kernel.tabular.rows import Rows

DELIMITERS = (",", "\t", ";", "|")
SAMPLE_LINES = 50
CHUNK = 1 << 20
# "Li" <100> within quotation marks, its own not doubled: no other reader of CSV could tell where it ends.
CALLER = re.compile(r'(?:^|(?<=,))""([^",]*)" <([^<>",]*)>"(?=,|\r?\n?$)')


class _MisplacedQuote(Exception):
    """What begins in a line is not closed, or a quotation mark stands in its middle."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def read_lines(
    file: BinaryIO, encoding: str, delimiter: str, is_whole: Callable[[str], object]
) -> Iterator[tuple[int, list[str] | str]]:
    """Yield as `read`, but a line that `is_whole` takes as it stands, with its end: it is not taken apart."""
    try:
        with _as_text(file, encoding) as texts:
            numbered = enumerate(texts, start=1)
            for line, text in numbered:
                if is_whole(text):
                    yield line, text
                elif any(cells := _row(line, text, numbered, delimiter)):
                    yield line, cells
    except _MisplacedQuote as error:
        yield from _mended_rows(file, encoding, delimiter, first=error.line)


def _row(line: int, text: str, following: Iterator[tuple[int, str]], delimiter: str) -> list[str]:
    """Return the cells of the row that begins with a line; one with a line break in a cell takes in further lines."""
    texts = chain((text,), (further for _line, further in following))
    try:
        return next(csv.reader(texts, delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise _MisplacedQuote(line) from error


def read(file: BinaryIO, encoding: str, delimiter: str) -> Rows:
    """Yield the rows that hold anything; UnreadableFile at a quotation mark that is never closed or misplaced.

    A line with a caller that FreeSWITCH did not quote is mended, but only once the file has proved to have one: the
    others need not be looked through.
    """
    try:
        yield from _rows(file, encoding, delimiter)
    except _MisplacedQuote as error:
        yield from _mended_rows(file, encoding, delimiter, first=error.line)


def _mended_rows(file: BinaryIO, encoding: str, delimiter: str, *, first: int) -> Rows:
    try:
        for line, cells in _rows(file, encoding, delimiter, mend=True):
            if line >= first:
                yield line, cells
    except _MisplacedQuote as error:
        raise unreadable(
            "quote_unclosed",
            _("A quotation mark in this line is not closed, or stands in the middle. Was the file cut off?"),
            line=error.line,
        ) from error


def _rows(file: BinaryIO, encoding: str, delimiter: str, *, mend: bool = False) -> Rows:
    with _as_text(file, encoding) as lines:
        mended = (CALLER.sub(r'"""\1"" <\2>"', text) for text in lines) if mend else lines
        reader = csv.reader(mended, delimiter=delimiter, strict=True)
        line = 1
        try:
            for cells in reader:
                if any(cells):
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            raise _MisplacedQuote(line) from error


def count_lines(file: BinaryIO) -> int:
    """Return the number of lines; one that is not ended counts."""
    file.seek(0)
    lines, last = 0, b"\n"
    while chunk := file.read(CHUNK):
        lines, last = lines + chunk.count(b"\n"), chunk[-1:]
    return lines + (last != b"\n")


def sniff_delimiter(file: BinaryIO, encoding: str) -> str:
    """Return the delimiter that gives most lines the same number of columns, more than one; else the comma."""
    with _as_text(file, encoding) as lines:
        sample = [line for line in islice(lines, SAMPLE_LINES) if line.strip()]
    if not sample:
        raise empty()
    return max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: list[str], delimiter: str) -> int:
    """Return how many cells of the sample lie in lines of the most usual width."""
    widths = Counter(width for width in _widths(sample, delimiter) if width > 1)
    return max((width * lines for width, lines in widths.items()), default=0)


def _widths(sample: list[str], delimiter: str) -> Iterator[int]:
    """Yield the widths of rows up to a cell that is longer than any is read; reading the file says where it is."""
    with suppress(csv.Error):
        for row in csv.reader(sample, delimiter=delimiter):
            yield len(row)


@contextmanager
def _as_text(file: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    plain = _beneath(file)
    plain.seek(0)
    lines = io.TextIOWrapper(plain, encoding=encoding, newline="")
    try:
        yield lines
    finally:
        if not plain.closed:
            lines.detach()  # the file is the caller's to close


def _beneath(file: BinaryIO) -> BinaryIO:
    """Return the file under Django's wrappers, which at every line ask whether they are closed, for as long as it takes
    to read it.
    """
    inner = getattr(file, "file", None)
    return file if inner is None else _beneath(inner)
