"""What an assessment finds in the fleet: money on every account, and trouble on one card in eight."""

from datetime import date, timedelta

from django.db import connection

from bench import data
from billing.models import BalanceReading, LedgerEntry, UsageBatch, UsageRecord, UsageSource
from billing.services.partitions import analyse_new
from billing.services.rollups import refresh
from lifecycle.models import Complaint

BUSY = "service_state = 'active' AND mod(id, 33) = 5"
MONTHS_OF_MONEY = 4
TROUBLES = (
    "UPDATE cards_card SET real_name_state = 'unknown' WHERE id % 50 = 1",
    "UPDATE cards_card SET is_marked = true WHERE id % 100 = 7",
    "UPDATE cards_card SET expires_on = NULL WHERE id % 20 > 0",
    "UPDATE cards_planprice SET included_minutes = 500",
    """UPDATE cards_carrierrule SET params = '{"allowed": [["09:00", "21:00"]], "blocked": [["21:00", "09:00"]]}'
       WHERE kind = 'call_window'""",
    "UPDATE billing_account SET balance = CASE WHEN id % 50 = 9 THEN 3 ELSE 150 END",
)


def trouble(today: date) -> None:
    """Have it once: an account's entries add up to its balance; one card in 33 calls 120 to 240 times today."""
    if Complaint.objects.exists():
        return
    with connection.cursor() as cursor:
        for statement in TROUBLES:
            cursor.execute(statement)
    _money(today)
    data.insert(
        Complaint, "cards_card c WHERE c.id % 100 = 33", card_id="c.id", received_at="now() - interval '3 days'",
        channel="'12321'",
    )  # fmt: skip
    _busy(today)
    data.analyse()


def _money(today: date) -> None:
    """Post an opening balance, then fees and calls of the last months; every second account was read."""
    month = f"(date_trunc('month', '{today}'::date) - n.back * interval '1 month')"
    spent = (
        "billing_accountcard m CROSS JOIN (VALUES ('monthly_fee', 19), ('usage', 12)) k(kind, amount) "
        f"CROSS JOIN generate_series(0, {MONTHS_OF_MONEY - 1}) AS n(back)"
    )
    common = {"account_id": "m.account_id", "card_id": "m.card_id"}
    data.insert(
        LedgerEntry, spent, kind="k.kind", amount="-k.amount", at=month, posted_at=month, month=f"{month}::date",
        key="k.kind || n.back || '-' || m.card_id", **common,
    )  # fmt: skip
    opened = f"(date_trunc('month', '{today}'::date) - interval '11 months')"
    data.insert(
        LedgerEntry, "billing_accountcard m JOIN billing_account a ON a.id = m.account_id", kind="'opening'",
        amount=f"a.balance + {31 * MONTHS_OF_MONEY}", at=opened, posted_at=opened, month=f"{opened}::date",
        key="'opening-' || m.card_id", **common,
    )  # fmt: skip
    said = f"('{today - timedelta(days=2)}'::timestamptz)"
    data.insert(
        BalanceReading, "billing_account a WHERE a.id % 2 = 0", account_id="a.id", read_at=said, balance="a.balance",
        source="'app'", recorded_at=said,
    )  # fmt: skip


def _busy(today: date) -> None:
    """Let one card in 33 call so often today that it comes to its caps."""
    batch = UsageBatch.objects.create(
        source=UsageSource.objects.get(slug="bench"), state="stored", sha256="busy", created_at=f"{today} 12:00+08"
    )
    source = (
        f"(SELECT c.*, g, c.id * 1000 + g AS call FROM cards_card c "
        f"CROSS JOIN LATERAL generate_series(1, 120 + c.id % 120) AS g WHERE {BUSY} ORDER BY c.id, g) n"
    )
    data.insert(
        UsageRecord, source, card_id="n.id", uid="md5('busy' || n.call)::uuid", source_id=str(batch.source_id),
        started_at=f"'{today} 09:00+08'::timestamptz + n.g * interval '40 seconds'", batch_id=str(batch.pk),
        team_id="n.team_id", msisdn="n.msisdn", direction="'out'", answered="true", duration_s="30",
        counterpart=f"'+86137' || lpad({data.dice('n.call', 31, 10_000_000)}::text, 8, '0')", fee="0.1",
        rated_fee="0.1",
    )  # fmt: skip
    analyse_new()
    refresh(f"SELECT id AS card_id, '{today}'::date AS day FROM cards_card WHERE {BUSY}", ["carrier"])
