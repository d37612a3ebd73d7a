"""Accounts, cards and statements for the tests of bills."""

import uuid
from datetime import date
from decimal import Decimal

from django.core.files.base import ContentFile

from billing.choices import AccountKind, CallDirection
from billing.models import Account, AccountCard, Bill, UsageBatch, UsageDaily, UsageRecord, UsageSource
from billing.services.bill_files import Sent, receive_statement, start_statement
from billing.services.bills import store_bills
from billing.services.partitions import ensure_ahead
from cards.choices import Payment
from cards.models import Card
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory, PlanPriceFactory

OCTOBER = date(2026, 10, 1)
HEADER = "序号,手机号码,套餐及固定费,套餐外语音通信费,增值业务费,优惠减免,合计\n"
ABOVE = "某某科技有限公司 集团账单\n账期：,2026年10月\n上月结余：,-12.00\n"


def shared(*numbers: str, fee: str = "18.00") -> tuple[Account, list[Card]]:
    """Return a shared postpaid account with a card for each number, on a plan with a fee and a price a minute."""
    price = PlanPriceFactory(monthly_fee=Decimal(fee), minute_price=Decimal("0.19"))
    carrier = price.plan.carrier
    cards = [
        CardFactory(carrier=carrier, plan=price.plan, msisdn=f"+86{number}", service_state="active", activated_on=None)
        for number in numbers
    ]
    account = AccountFactory(carrier=carrier, kind=AccountKind.SHARED, payment=Payment.POSTPAID)
    AccountCard.objects.bulk_create(AccountCard(account=account, card=card, starts_on=OCTOBER) for card in cards)
    return account, cards


def sent(account: Account, text: str, *, name: str = "账单.csv", **given) -> Sent:
    """Return a statement of an account as a file in GBK."""
    content = ContentFile(text.encode("gb18030"), name=name)
    return Sent(content=content, name=name, carrier=account.carrier, account=account, **given)


def brought(account: Account, text: str, *, actor, now, **given) -> Bill:
    """Import a statement of an account and return its bill."""
    statement = receive_statement(sent=sent(account, text, **given), actor=actor, now=now)
    start_statement(statement=statement, actor=actor, now=now)
    (bill,) = store_bills(statement=statement, actor=actor, now=now).bills
    return bill


def calls(card: Card, *listed, source: UsageSource, now) -> None:
    """Store calls of a card: moment, counterpart, seconds, fee and our rating of each."""
    ensure_ahead(OCTOBER)
    batch, _made = UsageBatch.objects.get_or_create(source=source, sha256="0" * 64, created_at=now)
    UsageRecord.objects.bulk_create(
        UsageRecord(
            card=card,
            started_at=at,
            uid=uuid.uuid4(),
            source=source,
            batch=batch,
            msisdn=card.msisdn,
            direction=CallDirection.OUT,
            counterpart=to,
            duration_s=seconds,
            answered=True,
            fee=fee,
            rated_fee=rated,
        )
        for at, to, seconds, fee, rated in listed
    )
    days = {at.astimezone().date() for at, *_rest in listed}
    UsageDaily.objects.bulk_create(
        (
            UsageDaily(card=card, day=day, role=source.role, calls=1, hours=[0] * 24, last_at=listed[0][0])
            for day in days
        ),
        ignore_conflicts=True,
    )
