"""Learning each night where carriers stop cards (R37, R42: the cause of a stop is fed back)."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

from django.db import transaction

from cardfleet.kernel.bulk import insert_many
from cards.rules.scope import Scope
from lifecycle.models import StopsAt
from lifecycle.rules.experience import LEARNT, Exposure, blame, step_of, stops_at
from lifecycle.selectors.experience import exposures, past_stops
from lifecycle.selectors.rules import RuleBook, rule_book


@transaction.atomic
def learn_from_stops(*, today: date) -> dict[str, int]:
    """Write anew where each carrier was seen to stop cards, from the stops and calm days before a Shanghai day.

    A second run on the same day writes the same.
    """
    book, days = rule_book(today), exposures(today)
    stops: defaultdict[tuple[int, str], Counter[int]] = defaultdict(Counter)
    for stop in past_stops(today):
        kind = blame(stop.values, _limits(book, stop.carrier_id), stop.reason)
        if kind:
            stops[stop.carrier_id, kind][step_of(stop.values[kind])] += 1
    learnt = []
    for (carrier, kind), counted in stops.items():
        value = stops_at(_with_stops(days.get((carrier, kind), []), counted), limit=_limits(book, carrier)[kind])
        if value is not None:
            count = counted.total()
            learnt.append(StopsAt(carrier_id=carrier, kind=kind, value=value, stops=count, learnt_on=today))
    StopsAt.objects.all().delete()
    insert_many(learnt)
    return {"learnt": len(learnt), "stops": sum(counted.total() for counted in stops.values())}


def _limits(book: RuleBook, carrier: int) -> dict[str, Decimal]:
    """Return the limits that hold for a carrier's cards in general, of the kinds that are learnt."""
    chosen = book.for_scope(Scope(carrier=carrier), agreed=None, contract="")
    return {kind: limit for kind in LEARNT if kind in chosen and (limit := chosen[kind].terms.limit)}


def _with_stops(days: list[Exposure], stops: Counter[int]) -> list[Exposure]:
    return days + [Exposure(step=step, days=count, stops=count) for step, count in stops.items()]
