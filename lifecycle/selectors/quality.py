"""How good calls were: opinions, and calls that the records say were dropped (R77, R78)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, Sum

from billing.choices import SignalMeaning
from billing.models import UsageDaily, UsageSignal
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cards.models import Card
from lifecycle.models import CallQuality
from lifecycle.rules.quality import POOR, Quality

OPINIONS: Mapping[str, Any] = {
    "scores": Count("pk"),
    "total": Sum("score", default=0),
    "poor": Count("pk", filter=Q(score__lte=POOR)),
}


def card_quality(card_id: int) -> Quality:
    """Return what was said and seen of a card so far, in three queries."""
    said = CallQuality.objects.filter(card_id=card_id).aggregate(**OPINIONS)
    dropped = UsageSignal.objects.filter(card_id=card_id, meaning=SignalMeaning.DROPPED).count()
    roles = UsageDaily.objects.filter(card_id=card_id).values("role").annotate(calls=Sum("answered"))
    return Quality(**said, dropped=dropped, calls=roles.aggregate(most=Max("calls", default=0))["most"])


def carrier_quality(user: User, start: datetime, end: datetime) -> dict[int, Quality]:
    """Return the same by carrier, of the cards a person sees, between two moments; three queries."""
    cards = Card.objects.visible_to(user).order_by()
    said = CallQuality.objects.filter(card__in=cards, at__gte=start, at__lt=end).order_by()
    rows: Any = said.values("card__carrier").annotate(**OPINIONS)
    opinions: dict[int, Quality] = {
        row["card__carrier"]: Quality(scores=row["scores"], total=row["total"], poor=row["poor"]) for row in rows
    }
    signals = UsageSignal.objects.filter(card__in=cards, at__gte=start, at__lt=end, meaning=SignalMeaning.DROPPED)
    dropped = dict(signals.order_by().values_list("card__carrier").annotate(Count("pk")))
    days = UsageDaily.objects.filter(card__in=cards, day__gte=business_day(start), day__lte=business_day(end))
    calls: dict[int, int] = {}
    for carrier, _role, answered in days.order_by().values_list("card__carrier", "role").annotate(Sum("answered")):
        calls[carrier] = max(calls.get(carrier, 0), answered)
    return {
        carrier: replace(opinions.get(carrier, Quality()), dropped=dropped.get(carrier, 0), calls=calls.get(carrier, 0))
        for carrier in {*opinions, *dropped, *calls}
    }
