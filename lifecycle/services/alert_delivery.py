"""Telling people of alerts: one message a person and run, however many alerts there are (design section 6)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from cardfleet.accounts.models import User
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell_channel, tell_many
from cards.choices import Severity
from lifecycle.choices import AlertKind
from lifecycle.messages import ALERTS, MY_ALERTS
from lifecycle.models import Alert
from lifecycle.rules.texts import render
from lifecycle.selectors.watchers import told_of

LINES = 10
GRAVE = (Severity.HIGH, Severity.CRITICAL)


@transaction.atomic
def tell_of_alerts(alert_ids: Collection[int], *, run: str, now: datetime) -> int:
    """Put a digest into the inbox of everybody concerned and into the outbox of their channels.

    Who has an address is sent it by mail, too, when something grave is in it. Returns how many people were told.
    `run` and `now` make the messages of a run exist once.
    """
    if not alert_ids:
        return 0
    told = told_of(alert_ids)
    key = f"alerts:{run}:{now.isoformat()}"
    board, mine = url_or_empty("lifecycle:alerts"), url_or_empty("lifecycle:my")
    tellings = [_telling(person, alerts, ALERTS, key, board) for person, alerts in told.supervisors.items()]
    tellings += [_telling(person, alerts, MY_ALERTS, f"{key}:mine", mine) for person, alerts in told.agents.items()]
    tell_many(tellings=tellings, now=now)
    for channel, alerts in told.channels.items():
        tell_channel(channel=channel, code=ALERTS, params=digest(alerts), key=key, now=now)
    return len({*told.supervisors, *told.agents})


def _telling(person: User, alerts: Sequence[Alert], code: str, key: str, url: str) -> Telling:
    grave = any(alert.severity in GRAVE for alert in alerts)
    return Telling(user=person, code=code, params=digest(alerts, person.language), key=key, url=url, email=grave)


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
