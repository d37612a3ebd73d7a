"""Keeps a damaged XLS from being read for ever: its sectors are chained by tables, and a chain may lead into itself.

The reader follows chains until they end, and keeps all it read. It also makes room for as many cells as a sheet says
it has, and ends the whole process where the memory does not hold them.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from cardfleet.kernel.tabular.refusals import damaged

HEADER = 512
SIZES = (9, 12)  # sectors are of 512 or 4096 bytes
SMALL = 64
SMALL_BELOW = 4096  # a shorter stream lies in small sectors, which lie in the stream of the directory's first entry
ENTRY = 128
STREAMS = ("Workbook", "Book")
BOUND_SHEET, DIMENSIONS = 0x0085, 0x0200
ROWS, COLUMNS = 1 << 16, 1 << 8
LAST = 0xFFFFFFFA  # from here on a number is no sector: free, end of a chain, or one of the tables' own


def refuse_endless(file: BinaryIO) -> None:
    """UnreadableFile when a chain of sectors leads into itself or out of the file, or a sheet is larger than any is."""
    file.seek(0)
    data = file.read()
    if len(data) < HEADER:
        raise damaged()
    (shift,) = struct.unpack_from("<H", data, 30)
    if shift not in SIZES:
        raise damaged()
    directory, small = struct.unpack_from("<I8xI", data, 48)
    size = 1 << shift
    table = [number for sector in _tables(data, size) for number in _numbers(data, size, sector)]
    _refuse_loop(table)
    small_table = [number for sector in _chain(small, table) for number in _numbers(data, size, sector)]
    _refuse_loop(small_table)
    entries = _joined(data[size:], size, directory, table)
    _name, root, length = _entry(entries, 0)
    smalls = _joined(data[size:], size, root, table)[:length]
    for at in range(ENTRY, len(entries), ENTRY):
        name, first, length = _entry(entries, at)
        if name in STREAMS:
            whole = (smalls, SMALL, first, small_table) if length < SMALL_BELOW else (data[size:], size, first, table)
            _refuse_sheets(_joined(*whole)[:length])


def _tables(data: bytes, size: int) -> Iterator[int]:
    """Yield the sectors of the table: 109 stand in the header, further ones in sectors that name the next."""
    (further,) = struct.unpack_from("<I", data, 68)
    named, seen = list(struct.unpack_from("<109I", data, 76)), set[int]()
    while further < LAST:
        if further in seen:
            raise damaged()
        seen.add(further)
        *more, further = _numbers(data, size, further)
        named += more
    yield from (sector for sector in named if sector < LAST)


def _numbers(data: bytes, size: int, sector: int) -> Sequence[int]:
    """Return what a sector of a table holds. UnreadableFile where the file ends before it does."""
    begin = (sector + 1) * size
    if begin + size > len(data):
        raise damaged()
    return struct.unpack_from(f"<{size // 4}I", data, begin)


def _chain(sector: int, table: Sequence[int]) -> Iterator[int]:
    """Yield the sectors of a chain, in a table without a loop."""
    while sector < LAST:
        if sector >= len(table):
            raise damaged()
        yield sector
        sector = table[sector]


def _refuse_loop(table: Sequence[int]) -> None:
    """Go once through every chain of a table."""
    walked_by = [-1] * len(table)
    for start in range(len(table)):
        sector = start
        while sector < len(table) and walked_by[sector] < 0:
            walked_by[sector] = start
            sector = table[sector]
        if sector < len(table) and walked_by[sector] == start:
            raise damaged()


def _joined(data: bytes, size: int, first: int, table: Sequence[int]) -> bytes:
    """Return what the sectors of a chain hold."""
    return b"".join(data[sector * size : (sector + 1) * size] for sector in _chain(first, table))


def _entry(entries: bytes, at: int) -> tuple[str, int, int]:
    """Return the name of a stream, its first sector and its length."""
    if at + ENTRY > len(entries):
        raise damaged()
    first, length = struct.unpack_from("<II", entries, at + 116)
    return entries[at : at + 64].decode("utf-16-le", "replace").split("\0", 1)[0], first, length


def _refuse_sheets(stream: bytes) -> None:
    """Look at the size of each sheet: from the beginning on, and from where the list of sheets says they begin."""
    begins = [0]
    for kind, at, length in _records(stream, 0):
        if kind == BOUND_SHEET and length >= 4:
            begins += struct.unpack_from("<I", stream, at)
    for begin in dict.fromkeys(begins):
        for kind, at, length in _records(stream, begin):
            if kind == DIMENSIONS and not _fits(stream[at : at + length]):
                raise damaged()


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Yield the records as their kind, the place of what they hold, and its length, as far as they are whole."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        at += 4
        if at + length > len(stream):
            return
        yield kind, at, length
        at += length


def _fits(record: bytes) -> bool:
    """Tell whether a sheet lies within what the format holds; rows are of two bytes in older files, else four."""
    if len(record) not in (10, 14):
        return False
    first, last, left, right = struct.unpack_from("<4H" if len(record) == 10 else "<IIHH", record)
    return bool(first <= last <= ROWS and left <= right <= COLUMNS)
