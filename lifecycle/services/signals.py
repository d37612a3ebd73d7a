"""Cards that their carrier seems to have stopped, by what their failed calls say (R34, R37; formats.md 4.4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from billing.selectors.signals import Spoken, since
from cardfleet.kernel.clock import to_the_minute
from cards.choices import STOPPED, Severity
from cards.models import Card
from lifecycle.choices import AlertKind
from lifecycle.services.alert_delivery import tell_of_alerts
from lifecycle.services.alerts import AlertsOutcome, Cause, settle_alerts
from lifecycle.services.cases.found_stops import open_spoken

LOOKED_BACK = timedelta(days=3)
SPEAKS_OF_STOP = "carrier_stopped"


@dataclass(frozen=True, kw_only=True)
class SignalsOutcome:
    """How many cards their calls say something of, and what became of the alerts."""

    spoken: int
    alerts: AlertsOutcome

    def counts(self) -> dict[str, int]:
        """Return it as counts."""
        return {"spoken": self.spoken, **self.alerts.counts()}


@transaction.atomic
def watch_signals(*, now: datetime) -> SignalsOutcome:
    """Open, refresh and close the alerts on cards whose calls fail as if the carrier stopped or limited them.

    An alert ends when a later call is answered, when the stop is recorded (which has an alert of its own), or after
    three days of silence. Nothing is changed at the card: a person asks the carrier, by a case if the administrators
    want one opened. A second run writes nothing.
    """
    found = since(now - LOOKED_BACK)
    serving = Card.objects.live().exclude(service_state__in=STOPPED)
    ids = set(serving.filter(pk__in=[spoken.card_id for spoken in found]).values_list("pk", flat=True))
    causes = [_cause(spoken) for spoken in found if spoken.card_id in ids]
    alerts = settle_alerts(kinds=(AlertKind.CARRIER_SIGNAL,), causes=causes, now=now)
    tell_of_alerts(alerts.news, run="signals", now=now)
    stopped = [alert.card_id for alert in alerts.opened if alert.card_id and alert.code == SPEAKS_OF_STOP]
    open_spoken(card_ids=stopped, now=now)
    return SignalsOutcome(spoken=len(causes), alerts=alerts)


def _cause(spoken: Spoken) -> Cause:
    return Cause(
        kind=AlertKind.CARRIER_SIGNAL,
        card_id=spoken.card_id,
        severity=Severity.CRITICAL if spoken.stops else Severity.HIGH,
        code=SPEAKS_OF_STOP if spoken.stops else "carrier_limits",
        params={
            "calls": spoken.calls,
            "code": spoken.code,
            "meaning": spoken.meaning,
            "first": _written(spoken.first_at),
            "last": _written(spoken.last_at),
        },
    )


def _written(moment: datetime) -> str:
    return to_the_minute(moment)
