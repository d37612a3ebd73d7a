"""Which cards are due to be looked at (R10, R102)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import DateTimeField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Greatest

from cardfleet.kernel.clock import business_day, day_start
from cards.choices import ENDED, CustodyState, SpareDecision
from cards.models import Card, Inspection, InspectionPlan
from cards.querysets import CardQuerySet


@dataclass(frozen=True, kw_only=True)
class DueInspection:
    """A card that is due: since when, whether a person ever looked at it, and what was decided of a spare."""

    card: Card
    due_on: date
    last_at: datetime | None


def inspections_due(cards: CardQuerySet, *, today: date) -> CardQuerySet:
    """Return the cards in scope that are due on a day: nobody looked at them, or took them in, for the interval.

    A spare that was to come into real use by a day before is due at once. One query for the intervals is made here;
    what is returned is a queryset to be counted or listed.
    """
    plans = InspectionPlan.objects.filter(is_active=True).values_list("custody_state", "every_days")
    due = Q(pk__in=[])
    for state, every in plans:
        since = day_start(today - timedelta(days=every - 1))
        looked_at = Inspection.objects.filter(at__gte=since).order_by().values("card")
        due |= Q(custody_state=state, custody_since__lt=since) & ~Q(pk__in=looked_at)
    broken = Inspection.objects.filter(card=OuterRef("pk"), decision=SpareDecision.USE, use_by__lt=today)
    newer = Inspection.objects.filter(card=OuterRef("card"), at__gt=OuterRef("at"))
    promised = Q(custody_state=CustodyState.SPARE) & Q(Exists(broken.exclude(Exists(newer))))
    return cards.exclude(service_state__in=ENDED).filter(due | promised)


def due_list(cards: CardQuerySet, *, today: date, limit: int) -> Sequence[DueInspection]:
    """Return the cards due, the longest first, with when each was looked at last; five queries.

    Cards are chosen by id first: thousands may be due, of which only those shown are read. The many nobody ever looked
    at are chosen by themselves, so that no inspection is looked for.
    """
    every = dict(InspectionPlan.objects.values_list("custody_state", "every_days"))
    due, looked_at = inspections_due(cards, today=today), Inspection.objects.order_by().values("card")
    last = Inspection.objects.filter(card=OuterRef("pk")).order_by("-at").values("at")[:1]
    parts = (
        due.exclude(pk__in=looked_at).annotate(seen=F("custody_since"), last_at=Value(None, DateTimeField())),
        due.filter(pk__in=looked_at)
        .annotate(last_at=Subquery(last, output_field=DateTimeField()))
        .annotate(seen=Greatest("custody_since", "last_at")),
    )
    found = [row for part in parts for row in part.order_by("seen", "pk").values_list("pk", "seen", "last_at")[:limit]]
    chosen = sorted(found, key=lambda row: (row[1], row[0]))[:limit]
    known = Card.objects.select_related("carrier", "holder", "team").in_bulk([pk for pk, _seen, _last in chosen])
    return [
        DueInspection(
            card=known[pk],
            due_on=business_day(seen) + timedelta(days=every.get(known[pk].custody_state, 0)),
            last_at=last_at,
        )
        for pk, seen, last_at in chosen
        if pk in known
    ]
