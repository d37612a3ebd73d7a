"""Messages and data of a month, as told by a carrier's summary or a phone (R27, R81)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from billing.errors import MonthClosed
from billing.models import BundleUse
from billing.selectors.closing import is_closed
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import month_start
from cardfleet.kernel.editing import assign
from cards.models import Card

COUNTED = frozenset({"sms", "data_mb", "sms_fee", "data_fee"})


@transaction.atomic
def record_bundle_use(
    *, card: Card, month: date, counts: Mapping[str, Any], actor: User | None, now: datetime
) -> BundleUse:
    """Record what a card used in the month of a day, by field name; what was recorded of it before gives way.

    It is rated with the month. Raises MonthClosed, and BadInput for what is below zero.
    """
    first = month_start(month)
    if is_closed(first):
        raise MonthClosed
    Card.objects.locked().get(pk=card.pk)
    use = BundleUse.objects.filter(card=card, month=first).first() or BundleUse(card=card, month=first)
    use.recorded_at, use.actor = now, actor
    assign(use, counts, editable=COUNTED)
    use.save()
    record(actor=actor, action="billing.bundle_use_recorded", subject=card, now=now, data={"month": f"{first:%Y-%m}"})
    return use
