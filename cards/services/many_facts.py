"""One fact of many cards, set at once; `cards.edit_facts` is the same for one card."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record_many
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.transactions import one_transaction
from cards.models import Card, RatePlan
from cards.services.card_rows import write_cards
from cards.services.cards import mismatches


@dataclass(frozen=True, kw_only=True)
class PlansOutcome:
    """What became of many cards, by id: the plan (or none) each had before, those that had it already, why not."""

    before: dict[int, int | None] = field(default_factory=dict)
    unchanged: list[int] = field(default_factory=list)
    refused: dict[int, Reason] = field(default_factory=dict)


@one_transaction
def set_plans(*, plans: Mapping[int, RatePlan | None], actor: User | None, now: datetime) -> PlansOutcome:
    """Give cards, by id, their plans; a plan of another carrier than the card's is refused for that card alone.

    The number of statements does not depend on the number of cards. Ids of no card are left out.
    """
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
    write_cards(changed, ("plan",), now=now)
    deeds = [Deed(action="cards.card_edited", subject=card, data={"fields": ["plan"]}) for card in changed]
    record_many(deeds, actor=actor, now=now)
    return outcome


@one_transaction
def set_locations(*, places: Mapping[int, str], actor: User | None, now: datetime) -> None:
    """Write where cards, by id, lie, as `cards.services.locations.move_cards` found it before; it asks for no room."""
    cards = list(Card.objects.filter(pk__in=list(places)).locked())
    for card in cards:
        card.location = places[card.pk]
    write_cards(cards, ("location",), now=now)
    deeds = [Deed(action="cards.card_edited", subject=card, data={"fields": ["location"]}) for card in cards]
    record_many(deeds, actor=actor, now=now)
