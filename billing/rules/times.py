"""Start times as carriers, exchanges and phones write them (formats.md 4.4; domain.md section 6).

Times without an offset are Asia/Shanghai. The reference for the set-based import, which has the same rules in
SQL.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.reading import (
    EXCEL_DAYS,
    EXCEL_EPOCH,
    Unreadable,
    calendar_day,
    refuse_mangled,
    tidy,
)

DAY = r"(?:(?P<year>\d{4})(?:[-/.]|年))?(?P<month>\d{1,2})(?:[-/.]|月)(?P<day>\d{1,2})日?"
GAP = r"(?:[T ]|(?<=日)|(?=上午|下午|[AP]M))"
HALF = r"(?P<half>上午|下午|AM|PM)?"
CLOCK = r"(?P<hour>\d{1,2})(?::|时|点)(?P<minute>\d{1,2})(?:(?::|分)(?:(?P<second>\d{1,2})(?:\.\d+)?秒?)?)?"
OFFSET = r"(?P<offset>Z|[+-]\d{2}:?\d{2})?"
WRITTEN = re.compile(rf"^{DAY}{GAP}{HALF}{CLOCK}(?P<half_after>AM|PM)?{OFFSET}$", re.IGNORECASE)
COMPACT = re.compile(
    r"^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})[T ]?"
    r"(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2}))?$"
)
SERIAL = re.compile(r"^(\d{5})(?:\.(\d+))?$")
EPOCH_MS = re.compile(r"^1\d{12}$")
EPOCH_S = re.compile(r"^1\d{9}$")
AFTERNOON = frozenset({"下午", "PM"})
MORNING = frozenset({"上午", "AM"})


@dataclass(frozen=True)
class Period:
    """The days a file covers, both ends included; it gives the year to times written without one."""

    first: date
    last: date

    @classmethod
    def year_up_to(cls, last: date) -> "Period":
        """Return the year that ends on a day, for a file that does not say what it covers."""
        return cls(last - timedelta(days=364), last)


def read_time(text: str, *, period: Period | None = None) -> datetime:
    """Return an aware moment.

    2026-11-22 08:05:09 with -, / or ., without seconds, with T, fractions or an offset; 20261122080509;
    2026年11月22日8时5分9秒; 上午/下午 and AM/PM; a spreadsheet's serial number with its fraction; Unix time
    in seconds or milliseconds; 11-22 08:05:09 with the year taken from `period`.
    """
    plain = re.sub(r"\s+", " ", tidy(text))
    if not plain:
        raise Unreadable("missing", _("The time is missing."))
    refuse_mangled(plain)
    counted = _from_count(plain)
    if counted is not None:
        return counted
    parts = WRITTEN.match(_closed_up(plain)) or COMPACT.match(plain)
    if parts is None:
        raise Unreadable("time_unreadable", _("This is not a time. Write it like 2026-11-22 08:05:09."))
    return _moment(parts.groupdict(), period)


def _closed_up(plain: str) -> str:
    """Return the text with spaces only between digits, so that one pattern reads every spelling."""
    return re.sub(r"(?<!\d) | (?!\d)", "", plain)


def _from_count(plain: str) -> datetime | None:
    if EPOCH_MS.match(plain):
        return datetime.fromtimestamp(int(plain) // 1000, tz=UTC).astimezone(SHANGHAI)
    if EPOCH_S.match(plain):
        return datetime.fromtimestamp(int(plain), tz=UTC).astimezone(SHANGHAI)
    parts = SERIAL.match(plain)
    if parts is None or int(parts[1]) not in EXCEL_DAYS:
        return None
    # A day has 86,400 seconds and a serial number some ten decimals: the nearest second is the one meant.
    seconds = round(Decimal(f"0.{parts[2] or 0}") * 86_400)
    midnight = datetime.combine(EXCEL_EPOCH + timedelta(days=int(parts[1])), time.min, tzinfo=SHANGHAI)
    return midnight + timedelta(seconds=seconds)


def _moment(parts: dict[str, str | None], period: Period | None) -> datetime:
    month, day = int(parts["month"] or 0), int(parts["day"] or 0)
    written_year = parts.get("year")
    year = int(written_year) if written_year else _year_near(month, day, period)
    try:
        clock = time(_hour(parts), int(parts["minute"] or 0), int(parts.get("second") or 0))
    except ValueError as error:
        raise Unreadable("no_such_time", _("No clock shows this time. Correct the hour or minute.")) from error
    zone = _zone(parts.get("offset"))
    return datetime.combine(calendar_day(year, month, day), clock, tzinfo=zone).astimezone(SHANGHAI)


def _hour(parts: dict[str, str | None]) -> int:
    hour = int(parts["hour"] or 0)
    half = (parts.get("half") or parts.get("half_after") or "").upper()
    if half in AFTERNOON and hour < 12:
        return hour + 12
    return 0 if half in MORNING and hour == 12 else hour


def _zone(offset: str | None) -> tzinfo:
    if not offset:
        return SHANGHAI
    if offset.upper() == "Z":
        return UTC
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))


def _year_near(month: int, day: int, period: Period | None) -> int:
    """Return the year that puts the day into the period, else nearest to it, also around New Year."""
    if period is None:
        raise Unreadable("year_missing", _("The year is missing. Say which month the file covers."))
    days = [
        date(year, month, day)
        for year in range(period.first.year - 1, period.last.year + 2)
        if _exists(year, month, day)
    ]
    if not days:
        raise Unreadable("no_such_day", _("No calendar has this day. Correct the date."))
    return min(days, key=lambda found: (_days_outside(found, period), -found.toordinal())).year


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _days_outside(day: date, period: Period) -> int:
    return max((period.first - day).days, (day - period.last).days, 0)
