"""What the columns of an unknown file most likely hold; a person has the last word."""

import re
from collections.abc import Callable, Sequence

from billing.choices import TimeSpelling
from billing.importers.generic import ALIASES
from billing.rules.numbers import read_direction
from billing.rules.times import Period, read_time
from cardfleet.kernel.reading import Unreadable
from cardfleet.kernel.tabular import Row
from cardfleet.kernel.tabular.header import normalise

ORDERED = re.compile(r"^\s*(\d\d?)[-/.](\d\d?)[-/.]\d{4}\b")
# Parts of titles, the surer first; looked for where no title is an alias of the generic table.
PARTS = {
    "own": ("本机", "我方", "主号", "ownnumber", "extension", "分机", "座机"),
    "started": ("开始", "起始", "呼叫时间", "通话时间", "starttime", "calldate", "datetime", "时间"),
    "counterpart": ("对方", "对端", "客户号码", "被叫", "callee", "destination", "dialed"),
    "duration": ("通话时长", "时长", "billsec", "duration", "talktime", "秒"),
    "direction": ("主被叫", "呼叫类型", "通话类型", "方向", "direction", "calltype"),
    "fee": ("实收", "费用", "通信费", "话费", "费", "fee", "cost", "charge"),
    "answered": ("接通", "应答", "answered", "disposition"),
    "uid": ("流水", "话单号", "uniqueid", "callid", "uuid"),
}


def header_line(rows: Sequence[Row]) -> int:
    """Return the line that looks like a header: the first as wide as most, with no figures in it; 0 for none."""
    widths = [len([cell for cell in cells if cell.strip()]) for _line, cells in rows]
    widest = max(widths, default=0)
    for (line, cells), width in zip(rows, widths, strict=True):
        if width * 2 > widest and not any(_is_figure(cell) for cell in cells):
            return line
    return 0


def columns(titles: Sequence[str], rows: Sequence[Sequence[str]], period: Period) -> dict[str, int]:
    """Return the likely place of each value, by titles, then by what stands below them."""
    names = [normalise(title) for title in titles]
    found: dict[str, int] = {}
    for value, aliases in ALIASES.items():
        _take(found, value, [index for index, name in enumerate(names) if name in set(map(normalise, aliases))])
    for value, parts in PARTS.items():
        _take(found, value, [index for part in parts for index, name in enumerate(names) if part in name])
    _take(found, "started", _reading(rows, lambda text: read_time(text, period=period)))
    _take(found, "started", _reading(rows, _day_beside_year))
    _take(found, "direction", _reading(rows, read_direction))
    return found


def times(texts: Sequence[str]) -> TimeSpelling:
    """Return how times are likely written: a part above twelve is the day."""
    parts = [found.groups() for text in texts if (found := ORDERED.match(text))]
    if not parts:
        return TimeSpelling.PLAIN
    return TimeSpelling.MONTH_FIRST if any(int(second) > 12 for _first, second in parts) else TimeSpelling.DAY_FIRST


def _day_beside_year(text: str) -> None:
    if not ORDERED.match(text):
        raise Unreadable("time_unreadable", "")


def _take(found: dict[str, int], value: str, places: Sequence[int]) -> None:
    """Note the first place that no other value has, unless the value has one."""
    free = [place for place in places if place not in found.values()]
    if free and value not in found:
        found[value] = free[0]


def _reading(rows: Sequence[Sequence[str]], read: Callable[[str], object]) -> list[int]:
    """Return the columns in which every cell can be read so."""
    width = max((len(cells) for cells in rows), default=0)
    return [index for index in range(width) if rows and all(_can(read, cells, index) for cells in rows)]


def _can(read: Callable[[str], object], cells: Sequence[str], index: int) -> bool:
    try:
        read(cells[index] if index < len(cells) else "")
    except Unreadable:
        return False
    return True


def _is_figure(cell: str) -> bool:
    return bool(cell.strip()) and cell.strip()[0].isdigit()
