"""What the rating of a month posted so far, and who pays."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from billing.choices import EntryKind
from cardfleet.kernel.clock import next_month

# Fees were posted under keys of their own before months were rated. What came after the close of its month counts for
# the month it is about.
ENTRIES = """
SELECT kind, card_id, count(*), sum(amount) FROM billing_ledgerentry
WHERE (month = %(month)s AND of_month IS NULL OR of_month = %(month)s) AND kind = ANY(%(kinds)s)
    AND (key LIKE 'rating:%%' OR key LIKE 'fee:%%')
    AND (%(cards)s::bigint[] IS NULL OR card_id = ANY(%(cards)s::bigint[]))
GROUP BY kind, card_id
"""
PAYERS = """
SELECT DISTINCT ON (card_id) card_id, account_id FROM billing_accountcard
WHERE card_id = ANY(%(cards)s) AND starts_on < %(end)s
ORDER BY card_id, starts_on DESC
"""


@dataclass(frozen=True, kw_only=True)
class RatedSum:
    """Entries of a kind that the rating of a month posted for a card, and their signed sum, CNY."""

    entries: int
    amount: Decimal


def rated_entries(
    month: date, kinds: Collection[EntryKind], card_ids: Collection[int] | None = None
) -> Mapping[EntryKind, dict[int, RatedSum]]:
    """Return what was posted for a month, by kind and card id; reversals are left out, so none is posted again."""
    given: dict[str, Any] = {
        "month": month,
        "kinds": [str(kind) for kind in kinds],
        "cards": None if card_ids is None else list(card_ids),
    }
    found: defaultdict[EntryKind, dict[int, RatedSum]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, given)
        for kind, card_id, entries, amount in cursor.fetchall():
            found[EntryKind(kind)][card_id] = RatedSum(entries=entries, amount=amount)
    return found


def payers(month: date, card_ids: Collection[int]) -> dict[int, int]:
    """Return the account that pays for each card at the end of a month, by card id."""
    with connection.cursor() as cursor:
        cursor.execute(PAYERS, {"cards": list(card_ids), "end": next_month(month)})
        return dict(cursor.fetchall())
