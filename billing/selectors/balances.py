"""Balances: what we compute beside what the carrier said, always with as of when and from where (R29)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection

from billing.selectors.entry_kinds import IS_CHARGE
from cardfleet.kernel.clock import month_start
from cardfleet.kernel.money import ZERO, to_fen

BURN_DAYS = 30
# Call charges reach the ledger in sums a month; what fell after a reading is told by their days.
BALANCES = """
WITH member AS (
    SELECT card_id, account_id FROM billing_accountcard
    WHERE ends_on IS NULL AND (%(cards)s::bigint[] IS NULL OR card_id = ANY(%(cards)s::bigint[]))
), said AS (
    SELECT account.*, posted.last_at, posted.since, reading.balance AS reading, reading.read_at, reading.source
    FROM billing_account account
    LEFT JOIN LATERAL (
        SELECT balance, read_at, source FROM billing_balancereading
        WHERE account_id = account.id ORDER BY read_at DESC LIMIT 1
    ) reading ON true
    LEFT JOIN LATERAL (
        SELECT max(posted_at) AS last_at, sum(amount) FILTER (WHERE kind <> 'usage' AND at > reading.read_at) AS since
        FROM billing_ledgerentry WHERE account_id = account.id
    ) posted ON true
    WHERE account.id IN (SELECT account_id FROM member)
), calls_since AS (
    SELECT said.id, sum(c.amount) AS amount
    FROM said JOIN billing_accountcard paid ON paid.account_id = said.id
    JOIN billing_usagecharge c ON c.card_id = paid.card_id AND c.counts
        AND c.day > (said.read_at AT TIME ZONE 'Asia/Shanghai')::date
        AND c.day >= paid.starts_on AND (paid.ends_on IS NULL OR c.day < paid.ends_on)
    GROUP BY said.id
)
SELECT member.card_id, said.id, said.kind, said.payment, said.credit_limit, said.balance, said.last_at,
    said.reading, said.read_at, said.source,
    CASE WHEN said.read_at IS NOT NULL
         THEN said.balance - coalesce(said.since, 0) + coalesce(calls_since.amount, 0) END
FROM member JOIN said ON said.id = member.account_id
LEFT JOIN calls_since ON calls_since.id = said.id
"""

BURNS = """
WITH best AS (
    SELECT DISTINCT ON (card_id, day) card_id, day, cost FROM billing_usagedaily
    WHERE day >= %(since)s AND day < %(until)s
      AND (%(cards)s::bigint[] IS NULL OR card_id = ANY(%(cards)s::bigint[]))
    ORDER BY card_id, day, (role = 'carrier') DESC, calls DESC
)
SELECT member.account_id, sum(best.cost)
FROM best JOIN billing_accountcard member ON member.card_id = best.card_id AND member.ends_on IS NULL
GROUP BY member.account_id
"""

FEES = """
SELECT member.account_id, sum(price.monthly_fee)
FROM billing_accountcard member
JOIN cards_card card ON card.id = member.card_id AND card.service_state IN ('active', 'half_stop', 'full_stop')
JOIN cards_planprice price ON price.plan_id = card.plan_id AND price.effective_from <= %(today)s
     AND (price.effective_to IS NULL OR price.effective_to > %(today)s)
WHERE member.ends_on IS NULL AND (%(cards)s::bigint[] IS NULL OR member.card_id = ANY(%(cards)s::bigint[]))
GROUP BY member.account_id
"""

CHARGED = f"""
SELECT e.card_id, -sum(e.amount) FROM billing_ledgerentry e
WHERE e.month = %(month)s AND {IS_CHARGE} AND e.card_id IS NOT NULL
  AND (%(cards)s::bigint[] IS NULL OR e.card_id = ANY(%(cards)s::bigint[]))
GROUP BY e.card_id
"""


@dataclass(frozen=True, kw_only=True)
class Balance:
    """The balance of the account that pays for a card, CNY.

    `computed` is the sum of our ledger as of `computed_at`; `reading` what the carrier said at `read_at`, from
    `source`; `difference` the reading less what we had computed for its moment.
    """

    card_id: int
    account_id: int
    kind: str
    payment: str
    credit_limit: Decimal
    computed: Decimal
    computed_at: datetime | None
    reading: Decimal | None = None
    read_at: datetime | None = None
    source: str = ""
    computed_then: Decimal | None = None

    @property
    def difference(self) -> Decimal | None:
        """What the carrier says beyond our own sum at the moment of the reading."""
        return None if self.reading is None or self.computed_then is None else self.reading - self.computed_then

    @property
    def shown(self) -> Decimal:
        """The balance to act on: the carrier's last word and what we posted since, else our own sum."""
        return self.computed if self.difference is None else self.computed + self.difference

    @property
    def as_of(self) -> datetime | None:
        """The moment of the newest thing `shown` rests on."""
        return max((moment for moment in (self.computed_at, self.read_at) if moment), default=None)


def balances(card_ids: Collection[int] | None = None) -> dict[int, Balance]:
    """Return balances by card id, for some cards or (None) all; a card no account pays for is left out."""
    with connection.cursor() as cursor:
        cursor.execute(BALANCES, {"cards": None if card_ids is None else list(card_ids)})
        names = [
            *("card_id", "account_id", "kind", "payment", "credit_limit", "computed", "computed_at"),
            *("reading", "read_at", "source", "computed_then"),
        ]
        found = [Balance(**{**dict(zip(names, row, strict=True)), "source": row[9] or ""}) for row in cursor]
    return {balance.card_id: balance for balance in found}


def daily_burns(today: date, card_ids: Collection[int] | None = None) -> dict[int, Decimal]:
    """Return CNY a day by account id: the mean of calls over the last 30 days and a thirtieth of the monthly fees."""
    params = {
        "cards": None if card_ids is None else list(card_ids),
        "since": today - timedelta(days=BURN_DAYS),
        "until": today,
        "today": today,
    }
    with connection.cursor() as cursor:
        cursor.execute(BURNS, params)
        calls = dict(cursor.fetchall())
        cursor.execute(FEES, params)
        fees = dict(cursor.fetchall())
    return {
        account: to_fen((calls.get(account, ZERO) + fees.get(account, ZERO)) / BURN_DAYS)
        for account in {**calls, **fees}
    }


def month_charges(today: date, card_ids: Collection[int] | None = None) -> dict[int, Decimal]:
    """Return what each card was charged in the month of `today` so far, by card id, CNY; what was reversed is off."""
    with connection.cursor() as cursor:
        cursor.execute(CHARGED, {"month": month_start(today), "cards": None if card_ids is None else list(card_ids)})
        return dict(cursor.fetchall())
