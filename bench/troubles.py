"""What an assessment finds in the fleet: money on every account, and trouble on one card in eight."""

from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Max

from bench import data
from billing.models import BalanceReading, LedgerEntry, UsageBatch, UsageRecord, UsageSource
from billing.services.partitions import analyse_new, ensure_days
from billing.services.rollups import refresh
from cards.models import CarrierRule
from lifecycle.models import Complaint

MONTHS_OF_MONEY = 4
HOURS = {"allowed": [["09:00", "21:00"]], "blocked": [["21:00", "09:00"]]}
# Of all cards: 2 in 100 not registered in order, 1 marked, 5 with an end in sight, 2 short of money.
TROUBLES = (
    """UPDATE cards_card SET real_name_state = CASE WHEN mod(id, 50) = 1 THEN 'unknown' ELSE 'valid' END,
        is_marked = mod(id, 100) = 7, expires_on = CASE WHEN mod(id, 20) = 0 THEN expires_on END WHERE id > %s""",
    """UPDATE billing_account SET balance = CASE WHEN mod(id, 50) = 9 THEN 3 ELSE 150 END
        WHERE id IN (SELECT account_id FROM billing_accountcard WHERE card_id > %s)""",
)


@transaction.atomic
def trouble(today: date) -> None:
    """Have it on every card that has none: an account's entries add up to its balance; one card in 33 calls 120 to
    240 times today. The calling hours are those the calls keep, and plans hold more minutes than most use.
    """
    base = LedgerEntry.objects.aggregate(last=Max("card"))["last"] or 0
    CarrierRule.objects.filter(kind="call_window").update(params=HOURS)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cards_planprice SET included_minutes = 10000")
        for statement in TROUBLES:
            cursor.execute(statement, [base])
    _money(today, base)
    data.insert(
        Complaint, f"cards_card c WHERE mod(c.id, 100) = 33 AND c.id > {base}", card_id="c.id",
        received_at=f"'{today}'::timestamptz - interval '3 days'", channel="'12321'",
    )  # fmt: skip
    _busy(today, f"c.service_state = 'active' AND mod(c.id, 33) = 5 AND c.id > {base}")
    data.analyse()


def _money(today: date, base: int) -> None:
    """Post an opening balance, then fees and calls of the last months; every second account was read."""
    month = f"(date_trunc('month', '{today}'::date) - n.back * interval '1 month')"
    spent = (
        "billing_accountcard m CROSS JOIN (VALUES ('monthly_fee', 19), ('usage', 12)) k(kind, amount) "
        f"CROSS JOIN generate_series(0, {MONTHS_OF_MONEY - 1}) AS n(back) WHERE m.card_id > {base}"
    )
    common = {"account_id": "m.account_id", "card_id": "m.card_id"}
    data.insert(
        LedgerEntry, spent, kind="k.kind", amount="-k.amount", at=month, posted_at=month, month=f"{month}::date",
        key="k.kind || n.back || '-' || m.card_id", **common,
    )  # fmt: skip
    opened = f"(date_trunc('month', '{today}'::date) - interval '11 months')"
    data.insert(
        LedgerEntry,
        f"billing_accountcard m JOIN billing_account a ON a.id = m.account_id WHERE m.card_id > {base}",
        kind="'opening'", amount=f"a.balance + {31 * MONTHS_OF_MONEY}", at=opened, posted_at=opened,
        month=f"{opened}::date", key="'opening-' || m.card_id", **common,
    )  # fmt: skip
    said = f"('{today - timedelta(days=2)}'::timestamptz)"
    data.insert(
        BalanceReading,
        f"billing_accountcard m JOIN billing_account a ON a.id = m.account_id WHERE mod(a.id, 2) = 0 "
        f"AND m.card_id > {base}",
        account_id="a.id", read_at=said, balance="a.balance", source="'app'", recorded_at=said,
    )  # fmt: skip


def _busy(today: date, which: str) -> None:
    source = UsageSource.objects.get(slug="bench")
    batch = UsageBatch.objects.create(source=source, state="stored", sha256="busy", created_at=f"{today} 12:00+08")
    ensure_days([today])
    calls = (
        "(SELECT c.*, g, c.id * 1000 + g AS call FROM cards_card c "
        f"CROSS JOIN LATERAL generate_series(1, 120 + mod(c.id, 120)) AS g WHERE {which} ORDER BY c.id, g) n"
    )
    data.insert(
        UsageRecord, calls, card_id="n.id", uid="md5('busy' || n.call)::uuid", source_id=str(source.pk),
        started_at=f"'{today} 09:00+08'::timestamptz + n.g * interval '40 seconds'", batch_id=str(batch.pk),
        team_id="n.team_id", msisdn="n.msisdn", direction="'out'", answered="true", duration_s="30",
        counterpart=f"'+86137' || lpad({data.dice('n.call', 31, 10_000_000)}::text, 8, '0')", fee="0.1",
        rated_fee="0.1",
    )  # fmt: skip
    analyse_new()
    refresh(f"SELECT c.id AS card_id, '{today}'::date AS day FROM cards_card c WHERE {which}", [source.role])
