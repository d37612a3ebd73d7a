"""Telling of what is overdue at the desk, once a clock."""

from datetime import datetime

from django.db import transaction
from django.utils import translation

from cardfleet.accounts.models import User
from cardfleet.kernel.clock import SHANGHAI
from cardfleet.notify.services import Telling, tell_many
from lifecycle.messages import DESK_LATE
from lifecycle.selectors.desk.due import DueRow, desk

RIGHT = "lifecycle.change_desk"


@transaction.atomic
def watch_desk(*, now: datetime) -> dict[str, int]:
    """Tell everybody at the desk of each clock that ran out, once; another run tells nobody twice."""
    late = [row for row in desk(now).due if row.due_at and row.due_at <= now]
    people = list(User.objects.with_right(RIGHT)) if late else []
    tell_many(tellings=[_telling(person, row) for person in people for row in late], now=now)
    return {"late": len(late), "told": len(people)}


def _telling(person: User, row: DueRow) -> Telling:
    assert row.due_at is not None  # noqa: S101 - only what has a clock is late
    day = f"{row.due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    with translation.override(person.language or None):
        params = {"what": f"{row.kind} {row.what}", "day": day, "step": str(row.step)}
    return Telling(user=person, code=DESK_LATE, params=params, key=f"desk:{row.url}:{day}", url=row.url, email=True)
