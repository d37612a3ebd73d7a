"""Telling people of alerts: one message a person and run, however many alerts there are (design section 6)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.choices import Urgency
from cardfleet.notify.models import Channel
from cardfleet.notify.rules.wishes import Wishes
from cardfleet.notify.selectors import wishes_of
from cardfleet.notify.services import Telling, tell_channel, tell_many
from cards.choices import Severity
from lifecycle.choices import AlertKind
from lifecycle.messages import ALERTS, ESCALATED, ESCALATIONS, MY_ALERTS, TOPICS
from lifecycle.models import Alert
from lifecycle.rules.texts import render
from lifecycle.selectors.watchers import told_by_role, told_of

LINES = 10
PRESSING = {Severity.HIGH: Urgency.GRAVE, Severity.CRITICAL: Urgency.CRITICAL}


@transaction.atomic
def tell_of_alerts(alert_ids: Collection[int], *, run: str, now: datetime) -> int:
    """Put a digest into the inbox of everybody concerned and into the outbox of their channels.

    Each is told of the kinds they wish to be told of; outside, by mail and own channels, of what they wish or what is
    grave. Returns how many people were told. `run` and `now` make the messages of a run exist once.
    """
    if not alert_ids:
        return 0
    told = told_of(alert_ids)
    key = f"alerts:{run}:{now.isoformat()}"
    board, mine = url_or_empty("lifecycle:alerts"), url_or_empty("lifecycle:my")
    wishes = wishes_of({person.pk for person in (*told.supervisors, *told.agents)})
    tellings = _tellings(told.supervisors, wishes, ALERTS, key, board)
    tellings += _tellings(told.agents, wishes, MY_ALERTS, f"{key}:mine", mine)
    tell_many(tellings=tellings, now=now)
    for channel, alerts in told.channels.items():
        _tell_channel(channel, alerts, key, now)
    return len({telling.user for telling in tellings})


def tell_of_escalation(alert_ids: Collection[int], *, role: Role, now: datetime) -> int:
    """Tell the people of a role of alerts nobody sees to, each of those in their scope; return how many were told."""
    told = told_by_role(alert_ids, role)
    wishes = wishes_of({person.pk for person in told})
    tellings = [
        Telling(
            user=person,
            code=ESCALATED,
            params=digest(alerts, person.language),
            key=f"escalated:{role}:{now.isoformat()}",
            url=url_or_empty("lifecycle:alerts"),
            email=wishes[person.pk].is_sent(ESCALATIONS, _urgency(alerts)),
            urgency=_urgency(alerts),
        )
        for person, alerts in told.items()
        if wishes[person.pk].is_told(ESCALATIONS)
    ]
    tell_many(tellings=tellings, now=now)
    return len(tellings)


def _tellings(
    told: Mapping[User, Sequence[Alert]], wishes: Mapping[int, Wishes], code: str, key: str, url: str
) -> list[Telling]:
    wanted = {
        person: [alert for alert in alerts if wishes[person.pk].is_told(TOPICS[AlertKind(alert.kind)])]
        for person, alerts in told.items()
    }
    return [_telling(person, alerts, wishes[person.pk], code, key, url) for person, alerts in wanted.items() if alerts]


def _telling(person: User, alerts: Sequence[Alert], wishes: Wishes, code: str, key: str, url: str) -> Telling:
    sent = any(wishes.is_sent(TOPICS[AlertKind(alert.kind)], _urgency([alert])) for alert in alerts)
    params = digest(alerts, person.language)
    return Telling(user=person, code=code, params=params, key=key, url=url, email=sent, urgency=_urgency(alerts))


def _tell_channel(channel: Channel, alerts: Sequence[Alert], key: str, now: datetime) -> None:
    carried = [alert for alert in alerts if _urgency([alert]) >= channel.least]
    if carried:
        urgency = _urgency(carried)
        tell_channel(channel=channel, code=ALERTS, params=digest(carried), key=key, now=now, urgency=urgency)


def _urgency(alerts: Sequence[Alert]) -> Urgency:
    return max((PRESSING.get(Severity(alert.severity), Urgency.NORMAL) for alert in alerts), default=Urgency.NORMAL)


def digest(alerts: Sequence[Alert], language: str = "") -> dict[str, str | int]:
    """Return the parameters of a message: how many alerts there are, and a line for each of the first ten."""
    with translation.override(language or settings.LANGUAGE_CODE):
        lines = [_line(alert) for alert in alerts[:LINES]]
        if len(alerts) > LINES:
            lines.append(_("and %(count)s more") % {"count": len(alerts) - LINES})
    return {"count": len(alerts), "lines": "\n".join(lines)}


def _line(alert: Alert) -> str:
    """Return what an alert says, its number masked."""
    subject = str(alert.card or alert.agent)
    return f"{AlertKind(alert.kind).label} · {subject} · {render(alert.code, alert.params)}"
