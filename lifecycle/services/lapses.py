"""Required trainings that lapsed: the agent is told at once, and some days later the cards are to come back (R73)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from agents.models import Assignment
from agents.selectors.training import TrainingDue, training_expiring
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import day_start
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell_many
from cards.choices import Severity
from lifecycle.choices import AlertKind
from lifecycle.messages import TRAINING_LAPSED
from lifecycle.services.alert_delivery import tell_of_alerts
from lifecycle.services.alerts import Cause, settle_alerts


@transaction.atomic
def watch_lapses(*, today: date, now: datetime, return_days: int) -> dict[str, int]:
    """Tell agents whose required training lapsed, once each; open and close the alerts that cards are to come back.

    An alert stands from `return_days` after the lapse for as long as the agent holds a card and has not passed anew.
    What comes before the lapse is a reminder (`lifecycle.services.reminders`).
    """
    lapsed = training_expiring(today, within_days=-1)
    held = _held(lapsed)
    told = _tell(lapsed, now, return_days)
    causes = _causes(
        [due for due in lapsed if due.valid_until + timedelta(days=return_days) < today], held, return_days
    )
    alerts = settle_alerts(kinds=[AlertKind.TRAINING_LAPSED], causes=causes, now=now)
    tell_of_alerts(alerts.news, run="lapses", now=now)
    return {"lapsed": len(lapsed), "told": told, **alerts.counts()}


def _held(lapsed: Sequence[TrainingDue]) -> Mapping[int, int]:
    """Return how many cards each of the agents holds."""
    held = Assignment.objects.open().filter(agent__in={due.agent_id for due in lapsed})
    return Counter(held.values_list("agent", flat=True))


def _tell(lapsed: Sequence[TrainingDue], now: datetime, return_days: int) -> int:
    people = User.objects.active().in_bulk({due.user_id for due in lapsed})
    tellings = [
        Telling(
            user=people[due.user_id],
            code=TRAINING_LAPSED,
            params={
                "course": due.course_title,
                "day": due.valid_until.isoformat(),
                "back": (due.valid_until + timedelta(days=return_days + 1)).isoformat(),
            },
            key=f"training_lapsed:{due.agent_id}:{due.course_id}:{due.valid_until}",
            url=url_or_empty("agents:my-training"),
            email=True,
        )
        for due in lapsed
        if due.user_id in people
    ]
    tell_many(tellings=tellings, now=now)
    return len(tellings)


def _causes(overdue: Sequence[TrainingDue], held: Mapping[int, int], return_days: int) -> list[Cause]:
    """Return why cards are to come back: one an agent, for the course that lapsed first."""
    causes: dict[int, Cause] = {}
    for due in overdue:
        if held.get(due.agent_id) and due.agent_id not in causes:
            causes[due.agent_id] = Cause(
                kind=AlertKind.TRAINING_LAPSED,
                agent_id=due.agent_id,
                severity=Severity.HIGH,
                code="training_lapsed",
                params={
                    "course": due.course_title,
                    "ended_on": due.valid_until.isoformat(),
                    "cards": held[due.agent_id],
                },
                due_at=day_start(due.valid_until + timedelta(days=return_days + 1)),
            )
    return list(causes.values())
