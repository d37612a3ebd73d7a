"""Numbers after their end: frozen at once, released when the carrier's freeze is over (R92, R97, R108)."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from cardfleet.kernel.clock import business_day, day_start
from cards.choices import ChangeSource, ServiceState
from cards.models import Card
from cards.rules.carrier_terms import freeze_end
from cards.services.states import StateReport
from lifecycle.selectors.facts import terms_of
from lifecycle.services.states import record_states


@transaction.atomic
def follow_freezes(*, on: date, now: datetime) -> dict[str, int]:
    """Record ended numbers as frozen, from the moment they ended, and as released once their freeze is over.

    A second run of a day writes nothing.
    """
    frozen = record_states(reports=list(_ended()), source=ChangeSource.SYSTEM, actor=None, now=now)
    released = record_states(reports=list(_over(on, now)), source=ChangeSource.SYSTEM, actor=None, now=now)
    return {"frozen": len(frozen.changes), "released": len(released.changes)}


def _ended() -> Iterator[StateReport]:
    ended = Card.objects.filter(service_state=ServiceState.CANCELLED).order_by("pk")
    for card_id, since in ended.values_list("pk", "service_since"):
        yield StateReport(card_id=card_id, to=ServiceState.FROZEN, at=since)


def _over(on: date, now: datetime) -> Iterator[StateReport]:
    for card in Card.objects.filter(service_state=ServiceState.FROZEN).select_related("carrier").order_by("pk"):
        end = freeze_end(terms_of(card.carrier), ended_on=business_day(card.service_since)).on
        if end <= on:
            at = min(max(day_start(end), card.service_since), now)
            yield StateReport(card_id=card.pk, to=ServiceState.RELEASED, at=at)
