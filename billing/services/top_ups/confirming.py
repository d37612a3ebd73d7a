"""Whether the carrier's balance shows what arrived, and what has not come after a day (R28, R29)."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from billing.choices import TopUpState
from billing.messages import TOP_UP_DOUBTED, TOP_UP_LATE
from billing.models import TopUpRequest
from billing.rules.top_ups import SLOW_AFTER, Seen, is_shown
from billing.services.top_ups.telling import tell
from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record_many
from cardfleet.kernel.transactions import one_transaction

# The last balance before the arrival and the next after it, and what was posted and called between them. Call charges
# reach the ledger in sums a month, so that calls are told by their days. Without a balance before, our own sum counts.
READ = """
SELECT r.id, next.id, next.balance, next.read_at,
    CASE WHEN before.balance IS NULL
        THEN coalesce((SELECT sum(amount) FROM billing_ledgerentry
            WHERE account_id = r.account_id AND at <= next.read_at), 0)
        ELSE before.balance + coalesce((SELECT sum(amount) FROM billing_ledgerentry
            WHERE account_id = r.account_id AND kind <> 'usage' AND at > before.read_at AND at <= next.read_at), 0)
        - coalesce((SELECT sum(c.amount) FROM billing_usagecharge c
            JOIN billing_accountcard paid ON paid.card_id = c.card_id AND paid.account_id = r.account_id
                AND c.day >= paid.starts_on AND (paid.ends_on IS NULL OR c.day < paid.ends_on)
            WHERE c.counts AND c.day > (before.read_at AT TIME ZONE 'Asia/Shanghai')::date
                AND c.day <= (next.read_at AT TIME ZONE 'Asia/Shanghai')::date), 0) END
FROM billing_topuprequest r
JOIN LATERAL (SELECT id, balance, read_at FROM billing_balancereading
    WHERE account_id = r.account_id AND read_at > coalesce(r.doubted_at, r.arrived_at)
    ORDER BY read_at LIMIT 1) next ON true
LEFT JOIN LATERAL (SELECT balance, read_at FROM billing_balancereading
    WHERE account_id = r.account_id AND read_at <= r.arrived_at ORDER BY read_at DESC LIMIT 1) before ON true
WHERE r.state = 'arrived' AND r.account_id = ANY(%(accounts)s)
ORDER BY r.id FOR UPDATE OF r
"""


@one_transaction
def confirm_top_ups(*, account_ids: Collection[int], now: datetime) -> dict[str, int]:
    """Confirm what arrived on some accounts by the next balance read after it, or doubt it and tell who pays, once."""
    with connection.cursor() as cursor:
        cursor.execute(READ, {"accounts": list(account_ids)})
        found = cursor.fetchall()
    known = TopUpRequest.objects.select_related("card", "account").in_bulk([row[0] for row in found])
    deeds = []
    for pk, reading, after, read_at, expected in found:
        asked = known[pk]
        if is_shown(Seen(after=after, expected=expected), face_value=asked.face_value or asked.amount):
            asked.state, asked.reading_id, asked.confirmed_at = TopUpState.CONFIRMED, reading, read_at
            action = "billing.top_up_confirmed"
        else:
            asked.doubted_at = read_at
            action = "billing.top_up_doubted"
            tell(asked, TOP_UP_DOUBTED, _payers(), now=now, step="doubted")
        deeds.append(Deed(action=action, subject=asked, related=(asked.account,)))
    TopUpRequest.objects.bulk_update(known.values(), ["state", "reading", "confirmed_at", "doubted_at"])
    if deeds:
        record_many(deeds, actor=None, now=now)
    doubted = sum(deed.action == "billing.top_up_doubted" for deed in deeds)
    return {"confirmed": len(deeds) - doubted, "doubted": doubted}


@one_transaction
def watch_top_ups(*, now: datetime) -> int:
    """Tell who pays, once, of each top-up that has not come a day after it was paid; return how many those are."""
    late = TopUpRequest.objects.filter(state=TopUpState.PAID, paid_at__lt=now - SLOW_AFTER)
    found = list(late.select_related("card", "account").order_by("pk"))
    for asked in found:
        tell(asked, TOP_UP_LATE, _payers(), now=now, step="late")
    return len(found)


def _payers() -> list[User]:
    return list(User.objects.with_right("billing.pay_top_up").order_by("pk"))
