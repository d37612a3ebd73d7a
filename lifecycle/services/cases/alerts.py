"""The alerts of cases: one open a card, of its most urgent clock that ran out."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from cardfleet.kernel.bulk import insert_many
from cardfleet.kernel.clock import to_the_minute
from lifecycle.choices import AlertKind
from lifecycle.messages import CASE_OVERDUE
from lifecycle.models import Alert, Case
from lifecycle.rules.cases.watching import severity_of
from lifecycle.services.alert_delivery import tell_of_alerts
from lifecycle.services.alerts import Cause, settle_alerts
from lifecycle.services.cases.telling import tell_of_cases


@transaction.atomic
def settle_case_alerts(*, now: datetime, card_ids: Collection[int] | None = None) -> dict[str, int]:
    """Make the alerts equal to the clocks that ran out: one a card, of its most urgent case.

    Who sees to the case is told first; where nobody does, those in charge of the card are.
    """
    late = Case.objects.open().filter(due_at__lte=now).select_related("assignee", "card").order_by("-due_at", "-pk")
    if card_ids is not None:
        late = late.filter(card__in=card_ids)
    most_urgent = {case.card_id: case for case in late}
    causes = [_cause(case, now) for case in most_urgent.values()]
    outcome = settle_alerts(kinds=(AlertKind.CASE,), causes=causes, now=now, card_ids=card_ids)
    news = list(Alert.objects.filter(pk__in=outcome.news).order_by("pk"))
    given = {case.card_id for case in most_urgent.values() if case.assignee_id}
    _tell_assignees([alert for alert in news if alert.card_id in given], most_urgent, now=now)
    tell_of_alerts([alert.pk for alert in news if alert.card_id not in given], run="cases", now=now)
    return outcome.counts()


def _tell_assignees(alerts: Sequence[Alert], cases: Mapping[int, Case], *, now: datetime) -> None:
    """Give alerts to those who see to their cases, and tell them."""
    late = [cases[alert.card_id or 0] for alert in alerts]
    for alert, case in zip(alerts, late, strict=True):
        alert.assignee = case.assignee
    insert_many(alerts, key="id", update=["assignee"])
    tell_of_cases(late, CASE_OVERDUE, key=lambda case: f"case:{case.pk}:overdue:{now.isoformat()}", now=now)


def ease_alert(card_id: int, *, now: datetime) -> None:
    """Let the alert of a card go at once when its case went on."""
    if Alert.objects.open().filter(kind=AlertKind.CASE, card=card_id).exists():
        settle_case_alerts(now=now, card_ids=[card_id])


def _cause(case: Case, now: datetime) -> Cause:
    assert case.due_at is not None  # noqa: S101 - what is late has a clock
    return Cause(
        kind=AlertKind.CASE,
        card_id=case.card_id,
        severity=severity_of(case.due_at, level=case.level, now=now),
        code="case",
        params={"case": case.pk, "due": to_the_minute(case.due_at)},
        due_at=case.due_at,
    )
