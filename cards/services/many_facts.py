"""One fact of many cards, set at once; `cards.edit_facts` is the same for one card."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection

from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record_many
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.transactions import one_transaction
from cards.errors import DayAhead
from cards.models import Card, RatePlan
from cards.services.card_rows import write_cards
from cards.services.cards import mismatches

PLAN_FROM = "SELECT set_config('cardfleet.plan_from', %s, true)"


@dataclass(frozen=True, kw_only=True)
class PlansOutcome:
    """What became of many cards, by id: the plan (or none) each had before, those that had it already, why not."""

    before: dict[int, int | None] = field(default_factory=dict)
    unchanged: list[int] = field(default_factory=list)
    refused: dict[int, Reason] = field(default_factory=dict)


@one_transaction
def set_plans(
    *, plans: Mapping[int, RatePlan | None], actor: User | None, now: datetime, since: date | None = None
) -> PlansOutcome:
    """Give cards, by id, their plans; a plan of another carrier than the card's is refused for that card alone.

    They have the plan since a day, today where none is given; what was recorded after that day no longer holds.
    Raises DayAhead. The number of statements does not depend on the number of cards. Ids of no card are left out.
    """
    if since and since > business_day(now):
        raise DayAhead
    cards = Card.objects.filter(pk__in=list(plans)).select_related("plan", "contract").locked()
    outcome, changed = PlansOutcome(), list[Card]()
    for card in cards:
        before, card.plan = card.plan_id, plans[card.pk]
        if card.plan_id == before:
            outcome.unchanged.append(card.pk)
        elif faults := mismatches(card):
            outcome.refused[card.pk] = faults[0]
        else:
            outcome.before[card.pk] = before
            changed.append(card)
    with _dated(since):
        write_cards(changed, ("plan",), now=now)
    said = {"fields": ["plan"]} | ({"from": since.isoformat()} if since else {})
    deeds = [Deed(action="cards.card_edited", subject=card, data=said) for card in changed]
    record_many(deeds, actor=actor, now=now)
    return outcome


@contextmanager
def _dated(day: date | None) -> Iterator[None]:
    """Tell the trigger that keeps the plans of cards (`CardPlanPeriod`) from when on they hold."""
    if day is None:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(PLAN_FROM, [day.isoformat()])
        yield
        cursor.execute(PLAN_FROM, [""])


@one_transaction
def set_locations(*, places: Mapping[int, str], actor: User | None, now: datetime) -> None:
    """Write where cards, by id, lie, as `cards.services.locations.move_cards` found it before; it asks for no room."""
    cards = list(Card.objects.filter(pk__in=list(places)).locked())
    for card in cards:
        card.location = places[card.pk]
    write_cards(cards, ("location",), now=now)
    deeds = [Deed(action="cards.card_edited", subject=card, data={"fields": ["location"]}) for card in cards]
    record_many(deeds, actor=actor, now=now)
