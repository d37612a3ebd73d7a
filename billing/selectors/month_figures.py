"""What a month's ledger adds up to: kept when it is closed, and proven ever after."""

from datetime import date
from typing import Any

from django.db import connection

from billing.selectors.cost_rows import CostBy
from billing.selectors.costs import ledger_total, month_costs
from cardfleet.kernel.money import to_fen

# The hash is over the entries in the order they were written, so that none can be changed, added or taken away.
FIGURES = """
SELECT count(*), count(DISTINCT card_id), coalesce(encode(sha256(convert_to(string_agg(
    concat_ws('|', id, account_id, card_id, kind, amount, month, of_month, key), E'\n' ORDER BY id
), 'UTF8')), 'hex'), '')
FROM billing_ledgerentry WHERE month = %s
"""
BY_KIND = "SELECT kind, sum(amount)::text FROM billing_ledgerentry WHERE month = %s GROUP BY kind ORDER BY kind"


def month_figures(month: date) -> dict[str, Any]:
    """Return counts of entries and cards, sums by kind, what it cost by team (CNY as text), and a hash of the entries.

    `month` is its first day. Teams are by id, the empty name being what cost while nobody held the card.
    """
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, [month])
        entries, cards, hashed = cursor.fetchone()
        cursor.execute(BY_KIND, [month])
        kinds = dict(cursor.fetchall())
    rows = month_costs(month, CostBy.TEAM).rows
    teams = {str(row.key or ""): str(to_fen(row.total)) for row in rows if row.total}
    cost = str(to_fen(ledger_total(month)))
    return {"entries": entries, "cards": cards, "kinds": kinds, "cost": cost, "teams": teams, "hash": hashed}
