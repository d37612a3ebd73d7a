"""Charges summed by month, so that the cost report of a month that rests reads a row a card instead of one a day."""

from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Max, Min

from billing.models import SummedMonth, UsageCharge
from billing.services.usage_import import ONE_AT_A_TIME
from cardfleet.kernel.clock import month_start, next_month

SUM = """
DELETE FROM billing_usagemonth WHERE month = %(month)s;
INSERT INTO billing_usagemonth (month, card_id, agent_id, team_id, seconds, amount)
SELECT %(month)s, card_id, agent_id, team_id, sum(seconds), sum(amount)
FROM billing_usagecharge WHERE counts AND day >= %(month)s AND day < %(end)s
GROUP BY card_id, agent_id, team_id ORDER BY card_id
"""


def sum_months(*, now: datetime) -> int:
    """Sum the months of which charges were reckoned since they were summed last; return how many those are."""
    return sum(_sum_month(month, now=now) for month in _unsummed())


def _unsummed() -> list[date]:
    span = UsageCharge.objects.filter(counts=True).aggregate(first=Min("day"), last=Max("day"))
    if span["first"] is None:
        return []
    summed = set(SummedMonth.objects.values_list("month", flat=True))
    months = [month_start(span["first"])]
    while next_month(months[-1]) <= span["last"]:
        months.append(next_month(months[-1]))
    return [month for month in months if month not in summed]


@transaction.atomic
def _sum_month(month: date, *, now: datetime) -> bool:
    """Sum one month while no import stores calls; whoever reckons one of its charges later forgets the sums."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        cursor.execute(SUM, {"month": month, "end": next_month(month)})
        cursor.execute("ANALYZE billing_usagemonth")
    _summed, is_new = SummedMonth.objects.update_or_create(month=month, defaults={"summed_at": now})
    return is_new
