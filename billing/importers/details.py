"""What the details (详单) of all carriers share: whose calls they are, which days they cover, how they name columns.

A detail seldom names its own number: that is given with the file, stands above the header, or in the file's name.
The start may lack its year: what stands above the header or in the file's name says which days the file covers.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from billing.choices import SourceRole
from billing.errors import OwnNumberDiffers, OwnNumberMissing
from billing.importers.headed import named, read_header
from billing.importers.layout import NO_CODES, Layout, Sample
from billing.rules.numbers import Direction
from billing.rules.times import Period
from cardfleet.kernel.errors import BadInput
from cardfleet.kernel.tabular import Header

NUMBER = re.compile(r"(?<!\d)(?:\+?86)?(1[3-9]\d{9})(?!\d)")
LABELLED_NUMBER = re.compile(r"(?:号码|手机|客户)[^0-9]{0,12}(?:\+?86)?(1[3-9]\d{9})(?!\d)")
NO_PERIOD = re.compile(r"导出|打印|生成|下载")
DAY = re.compile(r"(?<!\d)(20\d{2})[-/.年]?(0[1-9]|1[0-2]|[1-9](?!\d))(?:[-/.月]?(0[1-9]|[12]\d|3[01]|[1-9](?!\d)))?")


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """One way a carrier names the columns of its details.

    `day` and `clock` stand for `started` where those are two columns; `codes` are what its digits mean.
    """

    aliases: Mapping[str, Sequence[str]]
    required: Sequence[str]
    codes: Mapping[str, Direction] = field(default_factory=lambda: NO_CODES)


def read_detail(sample: Sample, dialects: Sequence[Dialect], *, name: str) -> Layout | None:
    """Return the layout by the first dialect that fits.

    OwnNumberMissing or OwnNumberDiffers where it is unclear whose calls they are; BadInput, of the dialect of which
    fewest columns lack, where none fits and one almost does.
    """
    refusals = []
    for dialect in dialects:
        try:
            header = read_header(sample, dialect.aliases, dialect.required)
        except BadInput as error:
            refusals.append(error)
        else:
            if header:
                return _layout(sample, header, dialect, name)
    if refusals:
        raise min(refusals, key=lambda refusal: len(refusal.reasons))
    return None


def stated_number(sample: Sample, above: Sequence[str] = ()) -> str:
    """Return whose calls a file holds, in E.164, or nothing; OwnNumberDiffers where it contradicts who brings it."""
    labelled = LABELLED_NUMBER.search("\n".join(above))
    stated = f"+86{labelled[1]}" if labelled else ""
    if sample.own_number and stated and stated != sample.own_number:
        raise OwnNumberDiffers
    in_name = NUMBER.search(sample.name)
    return sample.own_number or stated or (f"+86{in_name[1]}" if in_name else "")


def _layout(sample: Sample, header: Header, dialect: Dialect, name: str) -> Layout:
    above = [" ".join(cells) for line, cells in sample.rows if line < header.line]
    own_number = "" if "own" in header else stated_number(sample, above)
    if "own" not in header and not own_number:
        raise OwnNumberMissing
    period = _period(sample, above)
    layout = named(header, sample, name=name, role=SourceRole.CARRIER, own_number=own_number, period=period)
    fen = "(分)" in unicodedata.normalize("NFKC", header.titles.get("fee", ""))
    return replace(_with_start(layout), codes=dialect.codes, fen=fen)


def _with_start(layout: Layout) -> Layout:
    """Return the layout with the start put together from its day and clock, where those are two columns."""
    values, titles = dict(layout.values), dict(layout.titles)
    if "day" in values and "clock" in values:
        values["started"] = f"concat({values['day']}, ' ', {values['clock']})"
        titles["started"] = titles["day"]
    return replace(layout, values=values, titles=titles)


def _period(sample: Sample, above: Sequence[str]) -> Period:
    """Return the days the file says it covers, else the year up to today."""
    texts = [text for text in above if not NO_PERIOD.search(text)] + [NUMBER.sub("", sample.name)]
    days = [day for text in texts for day in _days(text)]
    return Period(min(days), max(days)) if days else sample.period


def _days(text: str) -> Iterator[date]:
    """Yield the days named in a text, both ends of a month named without a day."""
    for year, month, day in DAY.findall(text):
        last = monthrange(int(year), int(month))[1]
        if day and int(day) <= last:
            yield date(int(year), int(month), int(day))
        elif not day:
            yield date(int(year), int(month), 1)
            yield date(int(year), int(month), last)
