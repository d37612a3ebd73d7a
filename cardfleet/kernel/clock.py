"""The business clock: UTC in the database, days and months of Asia/Shanghai (design, invariant 5).

Nothing here reads the time; edges do, with `django.utils.timezone.now`, and hand it down.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
# How a month is written: 2026-11.
MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
# How a time of day is: 08:30 as it is given, 08:30:00 as it is answered.
TIME_OF_DAY = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$"


def business_day(moment: datetime) -> date:
    """Return the Shanghai calendar day of an aware moment."""
    return moment.astimezone(SHANGHAI).date()


def to_the_minute(moment: datetime) -> str:
    """Return an aware moment as people here read it, such as 2026-11-20 09:05."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def day_start(day: date) -> datetime:
    """Return the first moment of a Shanghai day, aware."""
    return datetime.combine(day, time.min, tzinfo=SHANGHAI)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return [start, end) of a Shanghai day, aware."""
    return day_start(day), day_start(day + timedelta(days=1))


def month_start(day: date) -> date:
    """Return the first day of the month of `day`."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """Return the first day of the month after the month of `day`."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_bounds(day: date) -> tuple[datetime, datetime]:
    """Return [start, end) of the Shanghai month of `day`, aware."""
    return day_start(month_start(day)), day_start(next_month(day))


def parse_month(text: str) -> date:
    """Return the first day of `YYYY-MM`; ValueError when it is not a month of this century."""
    year, _, month = text.partition("-")
    first = date(int(year), int(month), 1)
    if not 2000 <= first.year < 2100:
        raise ValueError(text)
    return first
