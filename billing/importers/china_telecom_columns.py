"""China Telecom's 详单 without a header, as Tianjin's workbook: columns by their place (formats.md 4.4).

Caller, callee, 主叫/被叫 and more from the left; start, seconds and, last of all, the fee from the right: between
them stand as many columns as the year brought. The last row may be a total, which has no start. Each row names its
own number: the caller of a 主叫, the callee of a 被叫.
"""

import re
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from billing.choices import SourceRole
from billing.importers.layout import Format, Layout, Sample, column
from billing.rules.durations import read_duration
from billing.rules.numbers import read_fee
from billing.rules.times import Period, read_time
from cardfleet.kernel.reading import Unreadable

NAME = "china_telecom_columns"
PLACES = {"caller": 0, "callee": 1, "direction": 2, "started": -4, "duration": -3, "fee": -1}
TITLES = {
    "own": "主叫号码", "counterpart": "被叫号码", "direction": "呼叫类型", "started": "起始时间",
    "duration": "通话时长", "fee": "费用",
}  # fmt: skip
LEAST = 8
PARTY = re.compile(r"^\+?[\d\-*]{3,20}$")
DIRECTIONS = ("主叫", "被叫")


def recognise(sample: Sample) -> Layout | None:
    """Return the layout when at least half of the rows from the first such row on are of this form."""
    fitting = [(line, cells) for line, cells in sample.rows if _fits(cells, sample.period)]
    if not fitting and sample.chosen:
        fitting = [(line, cells) for line, cells in sample.rows if len(cells) >= LEAST]
    rest = [line for line, _cells in sample.rows if fitting and line >= fitting[0][0]]
    if not fitting or len(fitting) * 2 < len(rest):
        return None
    width = Counter(len(cells) for _line, cells in fitting).most_common(1)[0][0]
    return Layout(
        format=NAME,
        role=SourceRole.CARRIER,
        width=width,
        least=width,
        first_line=fitting[0][0],
        values=_values({name: column(place % width) for name, place in PLACES.items()}),
        titles=TITLES,
        period=sample.period,
    )


def _fits(cells: Sequence[str], period: Period) -> bool:
    if len(cells) < LEAST:
        return False
    row = {name: cells[place].strip() for name, place in PLACES.items()}
    try:
        read_time(row["started"], period=period)
        read_duration(row["duration"])
        read_fee(row["fee"])
    except Unreadable:
        return False
    return row["direction"] in DIRECTIONS and all(map(PARTY.match, (row["caller"], row["callee"])))


def _values(cell: dict[str, str]) -> dict[str, str]:
    made = f"strpos({cell['direction']}, '主叫') > 0"
    total = f"line = (SELECT max(line) FROM usage_stage) AND shape = '' AND {cell['started']} = ''"
    return {
        "own": f"CASE WHEN {made} THEN {cell['caller']} ELSE {cell['callee']} END",
        "counterpart": f"CASE WHEN {made} THEN {cell['callee']} ELSE {cell['caller']} END",
        "direction": cell["direction"],
        "started": cell["started"],
        "duration": cell["duration"],
        "fee": cell["fee"],
        "internal": f"({total} AND btrim({cell['direction']}) NOT IN ('主叫', '被叫'))",
    }


FORMAT = Format(name=NAME, label=_("China Telecom call details without a header"), recognise=recognise)
