"""The alerts of the desk: one open a matter whose clock ran out; it goes when the matter goes on or ends (R40, R83)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from cardfleet.kernel.clock import to_the_minute
from lifecycle.choices import AlertKind
from lifecycle.models import Alert, Matter
from lifecycle.rules.desk.matters import gravity
from lifecycle.services.alert_delivery import tell_of_alerts
from lifecycle.services.alerts import Cause, settle_alerts


@transaction.atomic
def settle_desk_alerts(*, now: datetime, matter_ids: Collection[int] | None = None) -> dict[str, int]:
    """Make the alerts equal to the matters that should have gone on by now; the desk is told of what is new."""
    late = Matter.objects.open().filter(due_at__lte=now).order_by("pk")
    if matter_ids is not None:
        late = late.filter(pk__in=matter_ids)
    outcome = settle_alerts(
        kinds=(AlertKind.DESK,), causes=[_cause(matter, now) for matter in late], now=now, matter_ids=matter_ids
    )
    tell_of_alerts(outcome.news, run="desk", now=now)
    return outcome.counts()


def ease_matter(matter_id: int, *, now: datetime) -> None:
    """Let the alert of a matter go at once when it went on."""
    if Alert.objects.open().filter(kind=AlertKind.DESK, matter=matter_id).exists():
        settle_desk_alerts(now=now, matter_ids=[matter_id])


def _cause(matter: Matter, now: datetime) -> Cause:
    assert matter.due_at is not None  # noqa: S101 - what is late has a clock
    return Cause(
        kind=AlertKind.DESK,
        matter_id=matter.pk,
        severity=gravity(matter.kind, matter.due_at, now=now),
        code="desk",
        params={"matter": matter.pk, "due": to_the_minute(matter.due_at)},
        due_at=matter.due_at,
    )
