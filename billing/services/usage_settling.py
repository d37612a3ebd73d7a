"""What a corrected row does to the row that was refused; called in the transaction that stores it."""

from django.db import connection

from billing.models import UsageBatch

# A row of the correction that was not refused again is stored, known already, or no call of a card.
SETTLED = """
UPDATE billing_usagereject r SET settled_by_id = %(batch)s
FROM usage_row done
WHERE r.batch_id = %(corrects)s AND r.line = done.line AND r.settled_by_id IS NULL AND done.code IS NULL
"""
AGAIN = """
UPDATE billing_usagereject r
SET cells = again.cells, "column" = again."column", value = again.value, code = again.code, since = again.since
FROM billing_usagereject again
WHERE r.batch_id = %(corrects)s AND r.line = again.line AND r.settled_by_id IS NULL AND again.batch_id = %(batch)s
"""
MOVED = "DELETE FROM billing_usagereject WHERE batch_id = %(batch)s"


def settle(batch: UsageBatch) -> None:
    """Settle the refused rows that a correction brought in; give the others their new cells and reason."""
    with connection.cursor() as cursor:
        for statement in (SETTLED, AGAIN, MOVED):
            cursor.execute(statement, {"batch": batch.pk, "corrects": batch.corrects_id})
