"""How fast carriers mend what is reported to them, against the time the law gives (R32, R77)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from cardfleet.accounts.models import User
from cardfleet.kernel.compiled import words_of
from lifecycle.models import Case

MENDED = """
WITH mine AS ({cases})
SELECT card.carrier_id, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY (facts->>'hours')::numeric),
    count(*) FILTER (WHERE (facts->>'in_law')::boolean)
FROM lifecycle_case c JOIN cards_card card ON card.id = c.card_id
WHERE c.id IN (SELECT id FROM mine) AND c.kind = 'fault' AND facts ? 'hours'
    AND (facts->>'mended_at')::timestamptz >= %(start)s AND (facts->>'mended_at')::timestamptz < %(end)s
GROUP BY card.carrier_id
"""


@dataclass(frozen=True, kw_only=True)
class Repairs:
    """Faults a carrier mended: how many, the median hours from its ticket, and how many within the law's time."""

    count: int
    hours: Decimal
    in_law: int

    @property
    def late(self) -> int:
        """How many took longer than the law allows."""
        return self.count - self.in_law


def repairs(user: User, start: datetime, end: datetime) -> dict[int, Repairs]:
    """Return by carrier what was mended between two moments, of the cards a person sees; one query."""
    statement = MENDED.format(cases=words_of(Case.objects.visible_to(user).order_by().values("id"), {}))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"start": start, "end": end})
        return {
            carrier: Repairs(count=count, hours=Decimal(hours).quantize(Decimal("0.1")), in_law=in_law)
            for carrier, count, hours, in_law in cursor
        }
