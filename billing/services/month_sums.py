"""Charges summed by month, so that the cost report of a month that rests reads a row a card instead of one a day."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, Min

from billing.models import SummedMonth, UsageCharge
from billing.services.usage_import import ONE_AT_A_TIME
from cardfleet.kernel.clock import business_day, month_start, next_month
from cardfleet.kernel.owning import analyse

# Calls of the last days still come in; each import would have the month summed anew.
LATELY = timedelta(days=2)
SUM = """
DELETE FROM billing_usagemonth WHERE month = %(month)s;
INSERT INTO billing_usagemonth (month, card_id, agent_id, team_id, calls, seconds, amount)
SELECT %(month)s, card_id, agent_id, team_id, sum(calls), sum(seconds), sum(amount)
FROM billing_usagecharge WHERE counts AND day >= %(month)s AND day < %(until)s
GROUP BY card_id, agent_id, team_id ORDER BY card_id
"""


def sum_months(*, now: datetime) -> int:
    """Sum the months that have days which rest and are in no sums; return how many those are."""
    months = list(_unsummed(business_day(now) - LATELY))
    for month, until in months:
        sum_month(month, until, now=now)
    return len(months)


def _unsummed(last: date) -> Iterator[tuple[date, date]]:
    """Yield months that are to be summed, and the day before which, none after `last`."""
    span = UsageCharge.objects.filter(counts=True).aggregate(first=Min("day"), last=Max("day"))
    if span["first"] is None:
        return
    summed = dict(SummedMonth.objects.values_list("month", "until"))
    month = month_start(span["first"])
    while month <= span["last"] and month < last:
        until = min(next_month(month), last)
        if month not in summed or summed[month] < until:
            yield month, until
        month = next_month(month)


@transaction.atomic
def sum_month(month: date, until: date, *, now: datetime) -> None:
    """Sum one month while no import stores calls; whoever reckons one of its charges later forgets the sums."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        cursor.execute(SUM, {"month": month, "until": until})
    analyse("billing_usagemonth")
    SummedMonth.objects.update_or_create(month=month, defaults={"until": until, "summed_at": now})
