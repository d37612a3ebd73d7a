"""Telling people of alerts: one message a person and run, however many alerts there are (design section 6)."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
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
from lifecycle.choices import AlertKind, AlertState
from lifecycle.messages import ALERTS, ESCALATED, ESCALATIONS, MY_ALERTS, TOPICS
from lifecycle.models import Alert, AlertGroup
from lifecycle.rules.notices import is_told_again
from lifecycle.rules.texts import render
from lifecycle.selectors.notices import group_words
from lifecycle.selectors.watchers import told_by_role, told_of

LINES = 10
Reader = TypeVar("Reader", User, Channel)
PRESSING = {Severity.HIGH: Urgency.GRAVE, Severity.CRITICAL: Urgency.CRITICAL}


@transaction.atomic
def tell_of_alerts(alert_ids: Collection[int], *, run: str, now: datetime) -> int:
    """Put a digest into the inbox of everybody concerned and into the outbox of their channels.

    Each is told of the kinds they wish to be told of; outside, by mail and own channels, of what they wish or what is
    grave. Returns how many people were told. `run` and `now` make the messages of a run exist once.
    """
    if not alert_ids:
        return 0
    known = _known_groups(alert_ids)
    told = told_of(alert_ids)
    key = f"alerts:{run}:{now.isoformat()}"
    board, mine = url_or_empty("lifecycle:alerts"), url_or_empty("lifecycle:my")
    wishes = wishes_of({person.pk for person in (*told.supervisors, *told.agents)})
    tellings = _tellings(_without(told.supervisors, known), wishes, ALERTS, key, board)
    tellings += _tellings(told.agents, wishes, MY_ALERTS, f"{key}:mine", mine)
    tell_many(tellings=tellings, now=now)
    for channel, alerts in _without(told.channels, known).items():
        _tell_channel(channel, alerts, key, now)
    return len({telling.user for telling in tellings})


def _known_groups(alert_ids: Collection[int]) -> set[int]:
    """Return the groups not worth telling of again; note of the others at which size they are told."""
    touched = Alert.objects.filter(pk__in=alert_ids, group__isnull=False).values("group")
    of_group = Count("alerts", filter=~Q(alerts__state=AlertState.CLOSED))
    groups = AlertGroup.objects.filter(pk__in=touched).annotate(size=of_group).values_list("pk", "size", "told_count")
    known = set()
    for pk, size, told in groups:
        if is_told_again(size, told=told):
            AlertGroup.objects.filter(pk=pk).update(told_count=size)
        else:
            known.add(pk)
    return known


def _without(told: Mapping[Reader, Sequence[Alert]], known: set[int]) -> dict[Reader, list[Alert]]:
    left = {reader: [alert for alert in alerts if alert.group_id not in known] for reader, alerts in told.items()}
    return {reader: alerts for reader, alerts in left.items() if alerts}


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
    """Return the parameters of a message: how many alerts there are, and a line for each of the first ten.

    The alerts of a group are one line with their number.
    """
    with translation.override(language or settings.LANGUAGE_CODE):
        lines = [*_group_lines(alerts), *(line(alert) for alert in alerts if not alert.group)]
        if len(lines) > LINES:
            lines = [*lines[:LINES], _("and %(count)s more") % {"count": len(lines) - LINES}]
    return {"count": len(alerts), "lines": "\n".join(lines)}


def _group_lines(alerts: Sequence[Alert]) -> list[str]:
    sizes = Counter(alert.group_id for alert in alerts if alert.group)
    groups = {alert.group_id: alert.group for alert in alerts if alert.group}
    return [f"{group_words(group)} · {sizes[pk]}" for pk, group in groups.items()]


def line(alert: Alert) -> str:
    """Return what an alert says, its number masked."""
    subject = str(alert.card or alert.agent or alert.matter or alert.connection)
    return f"{AlertKind(alert.kind).label} · {subject} · {render(alert.code, alert.params)}"
