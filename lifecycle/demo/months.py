"""The company's wallet, and the months that finance has closed."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from billing.choices import EntryKind
from billing.models import Account
from billing.selectors.closing_checks import first_open_month
from billing.services import ledger
from billing.services.closing import close_month
from billing.services.transfers import open_wallet, transfer
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import SHANGHAI, month_start, next_month
from lifecycle.demo.calendar import Calendar

WALLET_CODE = "YC-示例-0001"
PREPAID, GIVEN = Decimal("5000.00"), Decimal("300.00")
CLOSED_ON = 6


def fill_wallet(shared: Account, calendar: Calendar, finance: User) -> None:
    """Open a wallet at the carrier of the shared account, pay into it, and give the account some of it."""
    known: dict[str, Any] = {"actor": finance, "now": calendar.opening}
    wallet = open_wallet(carrier=shared.carrier, code=WALLET_CODE, **known)
    ledger.post(account=wallet, kind=EntryKind.TOP_UP, amount=PREPAID, reference="转账 0001", **known)
    transfer(source=wallet, amounts={shared.pk: GIVEN}, reason="集团预存划拨", **known)


def close_months(calendar: Calendar, finance: User) -> None:
    """Close the months before the last one, each early in the month after it."""
    last = month_start(month_start(calendar.on) - timedelta(days=1))
    while (month := first_open_month()) and month < last:
        now = datetime.combine(next_month(month).replace(day=CLOSED_ON), time(16, 10), tzinfo=SHANGHAI)
        close_month(month=month, actor=finance, now=now, is_seen=True)
