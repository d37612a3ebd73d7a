"""The last month's bill of the shared account, with a few errors in it, one of them in dispute."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile

from billing.models import Account, AccountCard
from billing.selectors.bill_sides import sides_of
from billing.services.bill_files import Sent, receive_statement
from billing.services.bills import store_bills
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import SHANGHAI, month_start
from cardfleet.kernel.money import ZERO
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.money import SHARED_CODE
from lifecycle.services.disputes import open_dispute

HEADER = "手机号码,套餐及固定费,套餐外语音通信费,增值业务费,合计"
STRANGE = "13800138000"
# What is wrong, card by card: fee, calls and services beside what is right, CNY.
WRONG = [
    (Decimal("10.00"), ZERO, ZERO),
    (ZERO, Decimal("3.42"), ZERO),
    (ZERO, ZERO, Decimal("6.00")),
    (Decimal("2.50"), ZERO, ZERO),
]
ISSUED_ON = 5
REASON = "请核查多收的套餐费及重复收费，退还至账户。"


def write_bills(calendar: Calendar, finance: User) -> None:
    """Bring the bill of the month before, and complain about what is surely wrong in it."""
    account = Account.objects.select_related("carrier").get(code=SHARED_CODE)
    month = month_start(month_start(calendar.on) - timedelta(days=1))
    issued = min(month_start(calendar.on).replace(day=ISSUED_ON), calendar.on)
    now = min(datetime.combine(issued, time(9, 40), tzinfo=SHANGHAI), calendar.moment)
    text = _statement(account, calendar)
    sent = Sent(
        content=ContentFile(text.encode("gb18030"), name="bill.csv"),
        name=f"集团账单_{month:%Y%m}.csv",
        carrier=account.carrier,
        account=account,
        month=month,
        issued_on=issued,
    )
    statement = receive_statement(sent=sent, actor=finance, now=now)
    for bill in store_bills(statement=statement, actor=finance, now=now).bills:
        sure = bill.differences.filter(kind__in=["wrong_fee", "double_billing"], amount__gt=0)
        chosen = list(sure.values_list("pk", flat=True))
        if chosen:
            open_dispute(bill=bill, differences=chosen, reason=REASON, sent_on=issued, actor=finance, now=now)


def _statement(account: Account, calendar: Calendar) -> str:
    """Return the bill as the carrier's table: what is right for each card, but for a few."""
    month = month_start(month_start(calendar.on) - timedelta(days=1))
    members = AccountCard.objects.filter(account=account).order_by("card").values_list("card", "card__msisdn")
    numbers = dict(members)
    sides = sides_of(dict.fromkeys(numbers, ZERO), month)
    rows = [f"账期：{month.year}年{month.month}月", HEADER]
    total = ZERO
    for index, (card, number) in enumerate(numbers.items()):
        fee, voice, service = WRONG[index] if index < len(WRONG) else (ZERO, ZERO, ZERO)
        fee, voice = fee + (sides[card].fee or ZERO), voice + (sides[card].listed or ZERO)
        row = f"{number.removeprefix('+86')},{fee},{voice},{service},{fee + voice + service}"
        repeated = [row] * (2 if index == len(WRONG) else 1)
        rows += repeated
        total += (fee + voice + service) * len(repeated)
    rows.append(f"{STRANGE},18.00,0.00,0.00,18.00")
    rows.append(f"合计,,,,{total + 18}")
    return "\n".join(rows)
