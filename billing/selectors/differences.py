"""A carrier's balance beside ours, and what may lie between them (R29)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from billing.choices import DifferencePart
from billing.models import Account, AccountCard, BalanceExplanation, BalanceReading, LedgerEntry, UsageCharge
from billing.rules.burn_down import LOOKED_BACK, BurnDown, burn_down
from billing.rules.differences import explained_by
from billing.selectors.own_charges import prices_on
from cardfleet.kernel.errors import Text
from cardfleet.kernel.money import ZERO

# The last two readings of an account, each beside our own sum of its moment. Calls reach the ledger in sums a month, so
# those after a reading are told by their days; an account pays for a card until the next one does, the first one also
# for what came before.
SUMS = """
WITH wanted AS (
    SELECT id, balance FROM billing_account WHERE %(accounts)s::bigint[] IS NULL OR id = ANY(%(accounts)s::bigint[])
), said AS (
    SELECT w.id AS account_id, w.balance, r.id AS reading_id, r.balance AS said, r.read_at, r.place,
        (r.read_at AT TIME ZONE 'Asia/Shanghai')::date AS day
    FROM wanted w CROSS JOIN LATERAL (
        SELECT id, balance, read_at, row_number() OVER (ORDER BY read_at DESC) AS place
        FROM billing_balancereading WHERE account_id = w.id ORDER BY read_at DESC LIMIT 2
    ) r
), payer AS (
    SELECT account_id, card_id,
        CASE WHEN lag(id) OVER w IS NULL THEN '-infinity' ELSE starts_on END AS begins,
        lead(starts_on, 1, 'infinity') OVER w AS ends
    FROM billing_accountcard WHERE card_id IN (
        SELECT card_id FROM billing_accountcard WHERE account_id IN (SELECT account_id FROM said)
    ) WINDOW w AS (PARTITION BY card_id ORDER BY starts_on)
), posted AS (
    SELECT s.reading_id, sum(e.amount) FILTER (WHERE e.at > s.read_at AND e.kind <> 'usage') AS after,
        -sum(e.amount) FILTER (WHERE e.at <= s.read_at AND e.kind = 'monthly_fee'
            AND e.month = date_trunc('month', s.day) AND NOT EXISTS (
                SELECT FROM billing_ledgerentry back WHERE back.reverses_id = e.id)) AS fee
    FROM said s JOIN billing_ledgerentry e ON e.account_id = s.account_id GROUP BY 1
), called AS (
    SELECT s.reading_id, sum(c.amount) FILTER (WHERE c.day > s.day) AS after,
        sum(c.amount) FILTER (WHERE c.day = s.day) AS on_day,
        sum(c.amount) FILTER (WHERE c.day = s.day - 1) AS day_before
    FROM said s JOIN payer p ON p.account_id = s.account_id
    JOIN billing_usagecharge c ON c.card_id = p.card_id AND c.counts AND c.day >= s.day - 1
        AND c.day >= p.begins AND c.day < p.ends
    GROUP BY 1
), fees AS (
    SELECT s.reading_id, sum(price.monthly_fee) AS ahead
    FROM said s JOIN billing_accountcard member ON member.account_id = s.account_id AND member.ends_on IS NULL
    JOIN cards_card card ON card.id = member.card_id AND card.service_state = ANY(%(served)s)
    JOIN cards_planprice price ON price.plan_id = card.plan_id AND price.effective_from <= s.day
        AND (price.effective_to IS NULL OR price.effective_to > s.day)
    WHERE s.place = 1 GROUP BY 1
), computed AS (
    SELECT s.*, s.balance - coalesce(posted.after, 0) + coalesce(called.after, 0) AS computed, posted.fee,
        called.on_day, called.day_before
    FROM said s LEFT JOIN posted USING (reading_id) LEFT JOIN called USING (reading_id)
)
SELECT c.reading_id, c.computed, c.balance - c.computed, coalesce(earlier.said - earlier.computed, 0),
    coalesce(c.on_day, 0), coalesce(c.day_before, 0), coalesce(c.fee, 0), coalesce(fees.ahead, 0)
FROM computed c LEFT JOIN computed earlier ON earlier.account_id = c.account_id AND earlier.place = 2
LEFT JOIN fees ON fees.reading_id = c.reading_id
WHERE c.place = 1 ORDER BY c.account_id
"""
# A stopped card goes on to cost its fee; one that is barred or gone does not.
SERVED = ("active", "half_stop", "full_stop")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The last reading of an account (CNY) beside our own sum of its moment.

    `since` is what happened after it, `late` what came later about the time before; `parts` may explain the
    difference, `adds_up` are those that do to the fen (None where none do); `said` is what a person said last.
    """

    reading: BalanceReading
    computed: Decimal
    since: Decimal
    late: Decimal
    parts: Mapping[DifferencePart, Decimal]
    said: BalanceExplanation | None

    @property
    def amount(self) -> Decimal:
        """The reading less our own sum."""
        said: Decimal = self.reading.balance
        return said - self.computed

    @property
    def adds_up(self) -> frozenset[str] | None:
        """The fewest parts that are the difference."""
        return explained_by(self.amount, {part.value: amount for part, amount in self.parts.items()})

    @property
    def lines(self) -> Sequence[tuple[Text, Decimal, bool]]:
        """Each part in words with its amount, and whether it is among those that add up."""
        found = self.adds_up or frozenset()
        return [(part.label, amount, part in found) for part, amount in self.parts.items() if amount]

    @property
    def is_open(self) -> bool:
        """Whether there is a difference that neither a sum nor a person explains."""
        said = self.said is not None and self.said.amount == self.amount
        return bool(self.amount) and self.adds_up is None and not said


def difference_of(account: Account) -> Difference | None:
    """Return the last reading of an account beside ours, None where none was recorded."""
    found = list(differences([account.pk]))
    if not found:
        return None
    reading = found[0].reading
    late = LedgerEntry.objects.filter(account=account, at__lte=reading.read_at, posted_at__gt=reading.read_at)
    return replace(found[0], late=late.aggregate(total=Sum("amount"))["total"] or ZERO)


def differences(accounts: Collection[int] | None = None) -> Iterator[Difference]:
    """Yield the last reading of some accounts or (None) all beside our own sum, without `late`; three queries."""
    with connection.cursor() as cursor:
        cursor.execute(SUMS, {"accounts": None if accounts is None else list(accounts), "served": list(SERVED)})
        sums = cursor.fetchall()
    ids = [row[0] for row in sums]
    readings = BalanceReading.objects.in_bulk(ids)
    said = BalanceExplanation.objects.filter(reading__in=ids).select_related("dispute", "actor").order_by("id")
    last = {one.reading_id: one for one in said}
    for reading_id, computed, since, before, on_day, day_before, fee_posted, fee_ahead in sums:
        yield Difference(
            reading=readings[reading_id],
            computed=computed,
            since=since,
            late=ZERO,
            parts={
                DifferencePart.CALLS_OF_THE_DAY: on_day,
                DifferencePart.CALLS_OF_THE_DAY_BEFORE: day_before,
                DifferencePart.FEE_POSTED: fee_posted,
                DifferencePart.FEE_AHEAD: ZERO if fee_posted else -fee_ahead,
                DifferencePart.BEFORE: before,
            },
            said=last.get(reading_id),
        )


def daily_costs(account: Account, *, since: date) -> dict[date, Decimal]:
    """Return what calls of the cards an account pays for cost by day from one on, CNY."""
    cards = AccountCard.objects.current().filter(account=account).values("card")
    charged = UsageCharge.objects.filter(card__in=cards, counts=True, day__gte=since)
    return dict(charged.values("day").annotate(cost=Sum("amount")).values_list("day", "cost"))


def monthly_fees(account: Account, *, today: date) -> Decimal:
    """Return what the plans of the cards an account pays for cost a month, CNY."""
    members = AccountCard.objects.current().filter(account=account, card__service_state__in=SERVED)
    plans = [plan for plan in members.values_list("card__plan", flat=True) if plan]
    prices = prices_on(set(plans), today)
    return sum((prices[plan].monthly_fee for plan in plans if plan in prices), ZERO)


def burn_of(account: Account, found: Difference | None, *, today: date) -> BurnDown:
    """Return how what can still be spent of an account goes down, by the carrier's balance where it was read."""
    balance = account.balance + (found.amount if found else ZERO)
    costs = daily_costs(account, since=today - timedelta(days=LOOKED_BACK))
    fees = monthly_fees(account, today=today)
    return burn_down(balance + account.credit_limit, costs, today=today, monthly_fees=fees)
