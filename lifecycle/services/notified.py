"""Counting the numbers that called out in a period: the lower part of the notified-number rate (R35)."""

from datetime import date, datetime

from django.db import connection, transaction

from lifecycle.models import CallingNumbers
from lifecycle.rules.notified import period_of

CALLING = """
SELECT card.carrier_id, card.contract_id, count(*) FROM cards_card card
WHERE EXISTS (SELECT FROM billing_usagedaily used
    WHERE used.card_id = card.id AND used.day BETWEEN %(first)s AND %(last)s AND used.calls > 0)
GROUP BY card.carrier_id, card.contract_id
"""


@transaction.atomic
def reckon_calling_numbers(*, on: date, now: datetime) -> int:
    """Count, for the period of a day, the numbers of each carrier and contract that called; return how many groups."""
    first, last = period_of(on)
    with connection.cursor() as cursor:
        cursor.execute(CALLING, {"first": first, "last": last})
        rows = [
            CallingNumbers(
                carrier_id=carrier, contract_id=contract, period_start=first, numbers=numbers, reckoned_at=now
            )
            for carrier, contract, numbers in cursor.fetchall()
        ]
    CallingNumbers.objects.filter(period_start=first).delete()
    CallingNumbers.objects.bulk_create(rows)
    return len(rows)
