"""Reading many lines at once, column by column: each spelling by the rule of its column, and once.

Only lines are taken with which no rule finds fault; the others are left to be read one by one, which says what is
wrong. So a cell is read in one way, and no line pays for what others need.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, compress
from typing import Any

from cardfleet.kernel.errors import Reason
from cardfleet.kernel.reading import Unreadable
from cardfleet.kernel.tabular import Row
from cards.choices import Purpose
from cards.importers.cards import FIELDS, NOTHING, REQUIRED, STORED_AS, CardSheet
from cards.rules.identifiers import Identifier

# Stands for a value that a person has to be told of.
ODD: Any = object()


@dataclass(frozen=True, kw_only=True)
class PlainLines:
    """Lines as columns of values by the names of `CardRow`, None where a line says nothing; all of one length.

    `rows` are the lines as the file has them, `doubts` what is odd about their ICCIDs, which keeps none back.
    """

    rows: Sequence[Row]
    values: Mapping[str, Sequence[Any]]
    doubts: Sequence[Sequence[Reason]]

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, wanted: Sequence[bool]) -> "PlainLines":
        """Return the lines whose place is wanted."""
        if all(wanted):
            return self
        return PlainLines(
            rows=list(compress(self.rows, wanted)),
            values={name: list(compress(column, wanted)) for name, column in self.values.items()},
            doubts=list(compress(self.doubts, wanted)),
        )


def read_columns(sheet: CardSheet) -> PlainLines:
    """Return the unread lines of which each rule approves, and whose card and number no other line names."""
    header = sheet.header
    texts = dict(enumerate(zip(*(cells for _number, cells in sheet.unread), strict=True)))
    columns = {name: texts.get(index, ()) for name, index in header.columns.items() if name in FIELDS}
    iccids = [_read("iccid", text) for text in columns.pop("iccid")]
    values = {STORED_AS.get(name, name): _read_column(name, column) for name, column in columns.items()}
    values["iccid"] = [ODD if iccid is ODD else iccid.value for iccid in iccids]
    doubts = [() if iccid is ODD else iccid.warnings for iccid in iccids]
    lines = PlainLines(rows=sheet.unread, values=values, doubts=doubts)
    return lines.only(_approved(lines, sheet))


def _read_column(name: str, texts: Sequence[str]) -> list[Any]:
    words = {text: _value(_read(name, text)) for text in set(texts)}
    return [words[text] for text in texts]


def _read(name: str, text: str) -> Any:
    if text.strip().casefold() in NOTHING and name not in REQUIRED:
        return None
    try:
        return FIELDS[name](text)
    except Unreadable:
        return ODD


def _value(read: Any) -> Any:
    if isinstance(read, Identifier):
        return ODD if read.warnings else read.value
    return ODD if read is Purpose.OTHER else read


def _approved(lines: PlainLines, sheet: CardSheet) -> list[bool]:
    values = lines.values
    read = [line.row for line in sheet.lines if line.row]
    iccids = Counter(chain(values["iccid"], (row.iccid for row in read)))
    numbers = Counter(chain(values["msisdn"], (row.msisdn for row in read)))
    approved = [
        iccids[iccid] == numbers[number] == 1 for iccid, number in zip(values["iccid"], values["msisdn"], strict=True)
    ]
    for column in values.values():
        if ODD in column:
            approved = [good and value is not ODD for good, value in zip(approved, column, strict=True)]
    if "activated_on" in values and "expires_on" in values:
        spans = zip(approved, values["activated_on"], values["expires_on"], strict=True)
        approved = [good and not (begin and end and end < begin) for good, begin, end in spans]
    return approved
