"""China Mobile's 详单 of calls, as its site and its exporters write it (formats.md 4.4, domain.md section 6).

It seldom names its own number: that is given with the file, stands above the header, or in the file's name. The
start may lack its year: what stands above the header or in the file's name says which days the file covers.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from billing.choices import SourceRole
from billing.errors import OwnNumberDiffers, OwnNumberMissing
from billing.importers.headed import named, read_header
from billing.importers.layout import Format, Layout, Sample
from billing.rules.times import Period
from cardfleet.kernel.tabular import Header

NAME = "china_mobile"
ALIASES = {
    "own": ("本机号码", "主号码"),
    "started": ("起始时间", "通话起始时间", "开始时间"),
    "direction": ("通信方式", "呼叫类型"),
    "counterpart": ("对方号码",),
    "duration": ("通信时长", "通话时长"),
    "fee": ("实收通信费(元)", "实收通信费", "通信费(元)", "通信费", "费用(元)"),
    "kind": ("通信类型",),
    "bundle": ("套餐优惠",),
}
REQUIRED = ("started", "direction", "counterpart", "duration", "fee", "kind")
NUMBER = re.compile(r"(?<!\d)(?:\+?86)?(1[3-9]\d{9})(?!\d)")
LABELLED_NUMBER = re.compile(r"(?:号码|手机|客户)[^0-9]{0,12}(?:\+?86)?(1[3-9]\d{9})(?!\d)")
NO_PERIOD = re.compile(r"导出|打印|生成|下载")
DAY = re.compile(r"(?<!\d)(20\d{2})[-/.年]?(0[1-9]|1[0-2]|[1-9](?!\d))(?:[-/.月]?(0[1-9]|[12]\d|3[01]|[1-9](?!\d)))?")


def recognise(sample: Sample) -> Layout | None:
    """Return where the values stand; OwnNumberMissing or OwnNumberDiffers where it is unclear whose calls they are."""
    header = read_header(sample, ALIASES, REQUIRED)
    if header is None:
        return None
    above = [" ".join(cells) for line, cells in sample.rows if line < header.line]
    own_number = "" if "own" in header else _own_number(sample, above)
    role = SourceRole.CARRIER
    return named(header, sample, name=NAME, role=role, own_number=own_number, period=_period(sample, above, header))


def _own_number(sample: Sample, above: list[str]) -> str:
    labelled = LABELLED_NUMBER.search("\n".join(above))
    stated = f"+86{labelled[1]}" if labelled else ""
    if sample.own_number and stated and stated != sample.own_number:
        raise OwnNumberDiffers
    in_name = NUMBER.search(sample.name)
    found = sample.own_number or stated or (f"+86{in_name[1]}" if in_name else "")
    if not found:
        raise OwnNumberMissing
    return found


def _period(sample: Sample, above: list[str], header: Header) -> Period:
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


FORMAT = Format(name=NAME, label=_("China Mobile call details"), recognise=recognise)
