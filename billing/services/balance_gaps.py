"""Which accounts have a difference to the carrier's balance that nothing explains, told for the whole fleet (R29)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from billing.models import BalanceGap
from billing.selectors.differences import differences

NEWER = ("reading", "computed", "amount", "looked_at")


@transaction.atomic
def find_gaps(*, now: datetime, accounts: Collection[int] | None = None) -> int:
    """Look at some accounts or (None) all; return how many of them have a difference that nothing explains.

    One that goes on keeps the moment since when it does.
    """
    gaps = [
        BalanceGap(
            account_id=one.reading.account_id,
            reading=one.reading,
            computed=one.computed,
            amount=one.amount,
            since=one.reading.read_at,
            looked_at=now,
        )
        for one in differences(accounts)
        if one.is_open
    ]
    looked = BalanceGap.objects.all() if accounts is None else BalanceGap.objects.filter(account__in=accounts)
    looked.exclude(account__in=[gap.account_id for gap in gaps]).delete()
    BalanceGap.objects.bulk_create(
        gaps, update_conflicts=True, unique_fields=["account"], update_fields=NEWER, batch_size=2000
    )
    return len(gaps)
