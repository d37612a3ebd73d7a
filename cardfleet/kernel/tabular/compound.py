"""Keeps a damaged XLS from being read for ever: its sectors are chained by tables, and a chain may lead into itself.

The reader follows chains until they end, and keeps all it read.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from cardfleet.kernel.tabular.refusals import damaged

HEADER = 512
SIZES = (9, 12)  # sectors are of 512 or 4096 bytes
LAST = 0xFFFFFFFA  # from here on a number is no sector: free, end of a chain, or one of the tables' own


def refuse_endless(file: BinaryIO) -> None:
    """UnreadableFile when a chain of sectors leads into itself, or out of the file."""
    file.seek(0)
    data = file.read()
    if len(data) < HEADER:
        raise damaged()
    (shift,) = struct.unpack_from("<H", data, 30)
    if shift not in SIZES:
        raise damaged()
    (small,) = struct.unpack_from("<I", data, 60)
    size = 1 << shift
    table = [number for sector in _tables(data, size) for number in _numbers(data, size, sector)]
    _refuse_loop(table)
    _refuse_loop([number for sector in _chain(small, table) for number in _numbers(data, size, sector)])


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
