"""Writing the calls: of each carrier one file up to last month and one of this month, imported as any other."""

import csv
import io
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.core.files.base import ContentFile

from billing.choices import SourceRole
from billing.services.usage_requests import Delivery, import_now
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import SHANGHAI, month_start, next_month
from cardfleet.kernel.money import ZERO, to_fen
from lifecycle.demo.blueprint import Blueprint, CardPlan
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.calls import Call, calls_of

COLUMNS = ("msisdn", "started_at", "direction", "counterpart", "duration_s", "fee", "answered")

Row = tuple[str, str, str, str, int, Decimal, str]


def write_usage(blueprint: Blueprint, calendar: Calendar, actor: User) -> int:
    """Import the calls of the whole fleet, carrier by carrier; return how many."""
    files = _files(blueprint, calendar)
    stored = 0
    with tempfile.TemporaryDirectory() as folder:
        for (last, carrier), rows in sorted(files.items()):
            delivery = Delivery(
                content=ContentFile(_csv(rows), name="detail.csv"),
                name=f"{carrier}-{last:%Y-%m}.csv",
                source=f"{carrier}-detail",
                role=SourceRole.CARRIER,
            )
            now = _delivered(last, calendar)
            done = import_now(
                delivery=delivery, rejects_to=Path(folder) / "rejects.csv", dry_run=False, actor=actor, now=now
            )
            if done.refused:
                raise ValueError(f"the demo's own calls were refused: {done.refused[0]}")
            stored += done.batch.rows_stored
    return stored


def _delivered(last: date, calendar: Calendar) -> datetime:
    """Return when a detail up to a month comes: on the second of the next, or now."""
    comes = datetime.combine(next_month(last).replace(day=2), calendar.moment.timetz(), tzinfo=SHANGHAI)
    return min(comes, calendar.moment)


def _files(blueprint: Blueprint, calendar: Calendar) -> dict[tuple[date, str], list[Row]]:
    """Return the rows by the last month of their file and carrier."""
    present = month_start(calendar.on)
    before = month_start(present - timedelta(days=1))
    files: defaultdict[tuple[date, str], list[Row]] = defaultdict(list)
    for card in blueprint.cards:
        for month, row in _rated(card, calls_of(card, calendar, blueprint.seed)):
            files[min(present, max(month, before)), card.plan.carrier].append(row)
    return files


def _rated(card: CardPlan, calls: Iterable[Call]) -> Iterator[tuple[date, Row]]:
    """Return the calls with what the carrier charges: begun minutes beyond those of the plan's month."""
    month, used = date.min, 0
    for day, second, outgoing, counterpart, seconds in calls:
        if (day.year, day.month) != (month.year, month.month):
            month, used = month_start(day), 0
        minutes = -(-seconds // 60) if outgoing else 0
        beyond = max(0, min(minutes, used + minutes - card.plan.minutes))
        used += minutes
        clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        fee = to_fen(beyond * card.plan.beyond) if beyond else ZERO
        direction, answered = "out" if outgoing else "in", "1" if seconds else "0"
        yield month, (card.msisdn, f"{day} {clock}", direction, counterpart, seconds, fee, answered)


def _csv(rows: Iterable[Row]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return target.getvalue().encode()
