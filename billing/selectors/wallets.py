"""The last transfers with their legs."""

from collections.abc import Sequence

from django.db.models import Count, Q, Sum

from billing.models import Transfer

LISTED = 50


def last_transfers() -> Sequence[Transfer]:
    """Return the last transfers, each with `moved` (CNY) and `accounts` given to."""
    gave = Q(legs__amount__lt=0)
    listed = Transfer.objects.select_related("actor").annotate(
        moved=Sum("legs__amount", filter=~gave), accounts=Count("legs", filter=~gave)
    )
    return list(listed.order_by("-id")[:LISTED])
