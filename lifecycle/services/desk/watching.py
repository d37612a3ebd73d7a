"""What is overdue at the desk: matters are alerts, records are told of once."""

from datetime import datetime

from django.db import transaction
from django.utils import translation

from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day, to_the_minute
from cardfleet.notify.services import Telling, tell_many
from lifecycle.messages import DESK_LATE
from lifecycle.selectors.desk.due import DueRow, records_due
from lifecycle.selectors.watchers import DESK
from lifecycle.services.desk.alerts import settle_desk_alerts


@transaction.atomic
def watch_desk(*, now: datetime) -> dict[str, int]:
    """Settle the alerts of matters, and tell the desk of each record that is late, once; run twice, once is enough."""
    late = [row for row in records_due(business_day(now)) if row.due_at and row.due_at <= now]
    people = list(User.objects.with_right(DESK)) if late else []
    tell_many(tellings=[_telling(person, row) for person in people for row in late], now=now)
    return {"late": len(late), "told": len(people), **settle_desk_alerts(now=now)}


def _telling(person: User, row: DueRow) -> Telling:
    assert row.due_at is not None  # noqa: S101 - only what has a clock is late
    day = to_the_minute(row.due_at)
    with translation.override(person.language or None):
        params = {"what": f"{row.kind} {row.what}", "day": day, "step": str(row.step)}
    return Telling(user=person, code=DESK_LATE, params=params, key=f"desk:{row.url}:{day}", url=row.url, email=True)
