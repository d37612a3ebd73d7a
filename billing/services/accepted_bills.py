"""What our own reckoning says of an account and month after its bill was accepted: held to the bill, and told.

Calls that come late and months rated anew are posted as ever, so that charges, reports and proofs go by them; beside
each stands an adjustment in the same statement that takes it off again, so that account and month go on to cost what
the bill asks. What lies between is a difference of the bill, card by card.
"""

from collections.abc import Collection

from django.db import connection

from billing.choices import HELD_TO, DifferenceKind

# Of the rows `posted` by the statement it stands in (`ledger`). One adjustment an entry, so there once as that is.
HELD = f"""
    INSERT INTO billing_ledgerentry (account_id, card_id, kind, amount, at, month, of_month, posted_at, key,
        reference, note, batch_id, actor_id)
    SELECT p.account_id, p.card_id, 'adjustment', -p.amount, p.at, p.month, p.of_month, %(now)s,
        concat('{HELD_TO}', b.id, ':', p.id), '', '', %(batch)s, %(actor)s
    FROM posted p JOIN billing_bill b ON b.account_id = p.account_id AND b.month = coalesce(p.of_month, p.month)
        AND b.state = 'accepted'
    RETURNING account_id, amount, split_part(key, ':', 2)::bigint AS bill_id
"""
NOT_HELD = "SELECT account_id, amount, NULL::bigint AS bill_id FROM posted WHERE false"

# Before its differences, as whoever settles or disputes a bill does.
LOCK = "SELECT FROM billing_bill WHERE id = ANY(%(bills)s) ORDER BY id FOR UPDATE"
UNTELL = "DELETE FROM billing_billdifference WHERE bill_id = ANY(%(bills)s) AND kind = %(kind)s AND state = 'open'"
# An adjustment above zero took a charge off, so our own reckoning is above the bill by as much. What was disputed or
# accepted of it before is not told again; what was disputed of an acceptance that was taken back is not of this one.
TELL = f"""
WITH beyond AS (
    SELECT b.id AS bill_id, e.card_id, sum(e.amount) AS amount
    FROM billing_bill b
    JOIN billing_ledgerentry e ON e.account_id = b.account_id AND coalesce(e.of_month, e.month) = b.month
        AND e.kind = 'adjustment' AND starts_with(e.key, concat('{HELD_TO}', b.id, ':'))
    WHERE b.id = ANY(%(bills)s)
        AND NOT EXISTS (SELECT FROM billing_ledgerentry back WHERE back.reverses_id = e.id)
    GROUP BY 1, 2
), told AS (
    SELECT one.bill_id, one.card_id, sum(one.amount) AS amount
    FROM billing_billdifference one JOIN billing_bill b ON b.id = one.bill_id
    LEFT JOIN billing_dispute d ON d.id = one.dispute_id
    WHERE b.id = ANY(%(bills)s) AND one.kind = %(kind)s AND coalesce(d.opened_at >= b.accepted_at, true)
    GROUP BY 1, 2
), billed AS (
    SELECT bill_id, card_id, sum(amount) AS amount FROM billing_billline WHERE bill_id = ANY(%(bills)s) GROUP BY 1, 2
)
INSERT INTO billing_billdifference (bill_id, card_id, number, item, kind, billed, expected, amount, evidence, state)
SELECT beyond.bill_id, beyond.card_id, coalesce(c.msisdn, ''), '', %(kind)s, coalesce(billed.amount, 0),
    coalesce(billed.amount, 0) + beyond.amount + coalesce(told.amount, 0),
    -beyond.amount - coalesce(told.amount, 0), '{{}}', 'open'
FROM beyond
LEFT JOIN told USING (bill_id, card_id)
LEFT JOIN billed USING (bill_id, card_id)
LEFT JOIN cards_card c ON c.id = beyond.card_id
WHERE beyond.amount + coalesce(told.amount, 0) <> 0
ORDER BY 1, 2
"""


def tell_differences(*, bills: Collection[int]) -> None:
    """Say anew what our own reckoning has beyond accepted bills (by id), card by card; called as it is posted."""
    with connection.cursor() as cursor:
        for statement in (LOCK, UNTELL, TELL):
            cursor.execute(statement, {"bills": list(bills), "kind": DifferenceKind.RECKONED_SINCE})
