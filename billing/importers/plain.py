"""Rows whose every value is spelled in the one way the database reads itself: COPY puts them into typed columns.

They stand in `usage_plain(line, c1, c2, ...)`; all other rows go to `usage_stage` as text and are read by the rules.
Each pattern takes only texts that the typed column gives back as they were, so that a refused row is not altered.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from billing.importers import copying
from billing.importers.layout import Layout, column

YEAR_DAY = r"20\d\d-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
FREE = r'[^\t\n\r\\",;|]*'
END = r"\r?\n?"
WORD = r"[0-9A-Za-z_.:-]*"
YES, NO = ("1", "yes", "是"), ("0", "no", "否")


@dataclass(frozen=True)
class Spelling:
    """The plain spelling of a value: pattern, type of its column, and SQL for the value from the column."""

    pattern: str
    type: str = "text"
    value: str = "{0}"
    text: str = "{0}::text"


SPELLINGS = {
    "started": Spelling(
        YEAR_DAY + r" (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d",
        "timestamptz",
        text="to_char({0} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS')",
    ),
    "direction": Spelling("out|in|主叫|被叫", value="CASE WHEN {0} IN ('out', '主叫') THEN 'out' ELSE 'in' END"),
    "counterpart": Spelling(r"1[3-9]\d{9}", value="'+86' || {0}"),
    "duration": Spelling(r"0|[1-9]\d{0,3}", "integer"),
    "fee": Spelling(r"(?:0|[1-9]\d{0,4})(?:\.\d\d?)?", "numeric"),
    "answered": Spelling(
        "|".join((*YES, *NO)) + "|", value=f"CASE WHEN {{0}} IN {YES} THEN true WHEN {{0}} IN {NO} THEN false END"
    ),
    "own": Spelling(r"1[3-9]\d{9}"),
    "iccid": Spelling(WORD),
    "imsi": Spelling(WORD),
    "uid": Spelling(WORD),
}


def spellings(layout: Layout) -> Sequence[tuple[str, Spelling]] | None:
    """Return name and spelling of each column, or None where some value is more than the cell of a column."""
    names = {column(index): index for index in range(layout.width)}
    places = {names.get(text): name for name, text in layout.values.items() if name in SPELLINGS}
    if None in places or len(places) < len(layout.values) or layout.fen:
        return None
    columns = [(places.get(index, ""), index) for index in range(layout.width)]
    return [(name, SPELLINGS[name] if name else Spelling(FREE)) for name, _index in columns]


def matcher(layout: Layout, delimiter: str) -> Callable[[str], object] | None:
    """Return what tells whether a line of text is spelled plainly; None where none can be."""
    known = spellings(layout)
    if known is None:
        return None
    cells = re.escape(delimiter).join(f"(?:{spelling.pattern})" for _name, spelling in known)
    return re.compile(cells + END).fullmatch


def make(layout: Layout) -> None:
    """Make the table anew, empty."""
    types = [spelling.type for _name, spelling in spellings(layout) or ()]
    columns = [f"c{number} {kind}" for number, kind in enumerate(types, start=1)]
    copying.make("usage_plain", ", ".join(["line integer", *columns]))


def values(layout: Layout) -> dict[str, str] | None:
    """Return SQL for each value from its typed column; None where no row can be plain."""
    known = spellings(layout)
    if known is None:
        return None
    return {name: spelling.value.format(f"c{number}") for number, (name, spelling) in enumerate(known, start=1) if name}


def texts(layout: Layout) -> str:
    """Return SQL for the rows as they were written, with the columns of `usage_stage`."""
    known = spellings(layout) or ()
    cells = [f"{spelling.text.format(f'c{number}')} AS c{number}" for number, (_name, spelling) in enumerate(known, 1)]
    return f"SELECT {', '.join(['line', 'NULL AS rest', *cells])} FROM usage_plain"
