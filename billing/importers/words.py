"""Reading values by the rules of `billing.rules`: each distinct spelling once, however many rows repeat it.

A day of half a million calls has a few thousand distinct durations, fees and numbers. Times and counterparts are
mostly distinct, but nearly all in one plain spelling, which the database reads itself; only the others come here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from billing.importers import copying
from billing.importers.layout import Layout
from billing.rules.durations import read_duration
from billing.rules.numbers import read_direction, read_fee
from billing.rules.times import read_time
from cardfleet.kernel.reading import Unreadable, tidy
from cards.rules.identifiers import normalise_counterpart

EARLIEST_YEAR = 2000
YES = frozenset({"1", "yes", "y", "true", "t", "是", "接通", "已接通", "已接", "answered", "成功"})
NO = frozenset({"0", "no", "n", "false", "f", "否", "未接通", "未接", "no answer", "失败", "busy", "failed"})

# 2026-11-22 08:05:09, with / and T too, on a day that its month has in every year. A percent sign would be taken
# for a parameter.
PLAIN_TIME = """(
    translate({0}, '0123456789/T', '0000000000- ') = '0000-00-00 00:00:00'
    AND substr({0}, 1, 2) = '20' AND substr({0}, 6, 2) BETWEEN '01' AND '12'
    AND substr({0}, 9, 2) BETWEEN '01' AND CASE WHEN substr({0}, 6, 2) = '02' THEN '28'
        WHEN substr({0}, 6, 2) IN ('04', '06', '09', '11') THEN '30' ELSE '31' END
    AND substr({0}, 12, 2) <= '23' AND substr({0}, 15, 2) <= '59' AND substr({0}, 18, 2) <= '59')"""
AS_TIME = "({0} || '+08')::timestamptz"
PLAIN_MOBILE = "(translate({0}, '0123456789', '0000000000') = '00000000000' AND {0} >= '13' AND {0} < '2')"
AS_MOBILE = "'+86' || {0}"


@dataclass(frozen=True)
class Word:
    """A value of a row: its type in the database and, for a mostly distinct one, the spelling that is read there."""

    name: str
    type: str
    plain: str = ""
    read_plain: str = ""

    @property
    def table(self) -> str:
        """The table of spellings."""
        return f"usage_{self.name}"


WORDS = (
    Word("started", "timestamptz", PLAIN_TIME, AS_TIME),
    Word("direction", "text"),
    Word("counterpart", "text", PLAIN_MOBILE, AS_MOBILE),
    Word("duration", "integer"),
    Word("fee", "numeric"),
    Word("answered", "boolean"),
)


def fill(layout: Layout, parameters: Mapping[str, Any]) -> None:
    """Make the tables of spellings `usage_<value>(written, value, code)`, a row each that is not plain."""
    readers = _readers(layout)
    for word in WORDS:
        copying.make(word.table, f"written text, value {word.type}, code text")
        if word.name in layout.values:
            condition = f"NOT {word.plain.format('written')}" if word.plain else "true"
            texts = distinct([(layout.values[word.name], "usage_stage")], parameters, condition)
            read = readers[word.name]
            copying.copy(word.table, (_line(text, read) for text in texts))
        copying.analyze(word.table)


def distinct(
    values: Sequence[tuple[str, str]], parameters: Mapping[str, Any], condition: str = "true"
) -> Iterator[str]:
    """Yield the distinct texts of a value, given as SQL and the table it is in, in little memory."""
    texts = " UNION ALL ".join(f"SELECT {value} AS written FROM {table}" for value, table in values)
    query = f"SELECT DISTINCT written FROM ({texts}) s WHERE {condition}"
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, parameters)
        for row in cursor:
            yield row[0]


def _readers(layout: Layout) -> dict[str, Callable[[str], str]]:
    return {
        "started": lambda text: _started(text, layout),
        "direction": lambda text: read_direction(text, codes=layout.codes),
        "counterpart": normalise_counterpart,
        "duration": lambda text: str(read_duration(text)),
        "fee": lambda text: str(read_fee(text, fen=layout.fen)),
        "answered": _answered,
    }


def _line(written: str, read: Callable[[str], str]) -> str:
    try:
        return copying.line((written, read(written), copying.NULL))
    except Unreadable as error:
        return copying.line((written, copying.NULL, error.code))


def _started(text: str, layout: Layout) -> str:
    moment = read_time(text, period=layout.period)
    if moment.year < EARLIEST_YEAR:
        raise Unreadable("year_out_of_range", _("The year is out of range. Correct the date."))
    return moment.isoformat()


def _answered(text: str) -> str:
    """Return true, false, or NULL where the cell is blank: then the duration tells."""
    word = tidy(text).lower()
    if not word:
        return copying.NULL
    if word in YES or word in NO:
        return str(word in YES)
    raise Unreadable("answered_unreadable", _("Write yes or no for whether the call was answered."))
