"""Reckoned after a bill was accepted: the ledger stays with the bill, and the bill says by how much (R27, R82)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.choices import AccountKind, DifferenceKind, DisputeState, EntryKind
from billing.errors import BillPaid, NotAcceptedYet
from billing.models import Account, AccountCard, Bill, LedgerEntry, UsageBatch
from billing.selectors.proofs import wrong_balances, wrong_usage
from billing.services.bill_settling import accept_bill, ledger_costs, record_payment, reopen_bill
from billing.services.bills import withdraw_bill
from billing.services.disputes import Answer, close_dispute
from billing.services.ledger import charge
from billing.services.rating import rate_month
from billing.services.revocation import revoke_batch
from cardfleet.accounts.choices import Role
from cards.choices import Payment
from lifecycle.services.disputes import open_dispute
from tests.billing.bills import HEADER, OCTOBER, brought
from tests.billing.conftest import OWN, generic
from tests.factories.accounts import PersonFactory
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
SINCE = DifferenceKind.RECKONED_SINCE


@pytest.fixture
def finance():
    return PersonFactory(role=Role.FINANCE)


@pytest.fixture
def account(card) -> Account:
    """A shared account that pays for the card since October."""
    account = AccountFactory(carrier=card.carrier, kind=AccountKind.SHARED, payment=Payment.POSTPAID)
    AccountCard.objects.create(account=account, card=card, starts_on=OCTOBER)
    return account


def of_october(*fees: str, number: str = OWN) -> str:
    return generic(
        *(f"{number},2026-10-{day + 1:02} 09:00:00,out,13900000001,60,{fee}" for day, fee in enumerate(fees))
    )


def accepted(account: Account, finance, now, *, fee: str = "30.00", voice: str = "2.00", total: str = "32.00") -> Bill:
    text = HEADER + f"1,{OWN.removeprefix('+86')},{fee},{voice},,,{total}\n"
    bill = brought(account, text, month=OCTOBER, actor=finance, now=now)
    accept_bill(bill=bill, actor=finance, now=now)
    return bill


def cost(account: Account) -> Decimal:
    return sum(ledger_costs(account, OCTOBER).values())


def since(bill: Bill) -> list[tuple[int, Decimal, Decimal, str]]:
    found = bill.differences.filter(kind=SINCE).order_by("id")
    return list(found.values_list("card", "expected", "amount", "state"))


def assert_proven() -> None:
    assert [*wrong_balances(), *wrong_usage()] == []


def test_calls_that_come_late_are_told_and_not_posted(card, account, load, finance, now) -> None:
    """R27: a detail of 5 yuan after acceptance leaves the month at the bill; revoked, nothing is told any more."""
    load(of_october("2.00"))
    rate_month(month=OCTOBER, actor=None, now=now)
    bill = accepted(account, finance, now)
    load(of_october("2.00", "1.50", "3.50"), name="late.csv")
    assert cost(account) == Decimal(32)
    assert since(bill) == [(card.pk, Decimal(37), Decimal(-5), "open")]
    account.refresh_from_db()
    assert account.balance == Decimal(-32)
    assert_proven()
    revoke_batch(batch=UsageBatch.objects.latest("pk"), reason="twice", actor=finance, now=now)
    assert since(bill) == []
    assert cost(account) == Decimal(32)
    assert_proven()


def test_a_price_changed_afterwards_is_told_once_however_often_it_is_rated(card, account, finance, now) -> None:
    """R81: a fee 6 yuan lower, and again 2 higher; each run says the whole of it, a second run nothing new."""
    rate_month(month=OCTOBER, actor=None, now=now)
    bill = accepted(account, finance, now)
    for fee, beyond in ((24, Decimal(-6)), (26, Decimal(-4))):
        card.plan.prices.update(monthly_fee=fee)
        rate_month(month=OCTOBER, actor=None, now=now)
        rows = LedgerEntry.objects.count()
        assert rate_month(month=OCTOBER, actor=None, now=now).entries == 0
        assert LedgerEntry.objects.count() == rows
        assert since(bill) == [(card.pk, Decimal(32) + beyond, -beyond, "open")]
        assert cost(account) == Decimal(32)


def test_what_is_left_as_billed_is_not_told_again(client, card, account, finance, now) -> None:
    """R82: finance has seen the 6 yuan; what comes on top of them is told, and the ledger is as it was."""
    rate_month(month=OCTOBER, actor=None, now=now)
    bill = accepted(account, finance, now)
    client.force_login(finance)
    assert client.post(f"/bills/{bill.pk}/leave/").status_code == 409
    card.plan.prices.update(monthly_fee=24)
    rate_month(month=OCTOBER, actor=None, now=now)
    assert client.post(f"/bills/{bill.pk}/leave/").status_code == 302
    card.plan.prices.update(monthly_fee=23)
    rate_month(month=OCTOBER, actor=None, now=now)
    assert [(amount, state) for _card, _right, amount, state in since(bill)] == [(6, "accepted"), (1, "open")]
    assert cost(account) == Decimal(32)


def test_what_is_in_dispute_is_not_told_twice(card, account, finance, now) -> None:
    """R82: billed 6 too much by today's price is disputed; what comes beside it stands in a row of its own."""
    rate_month(month=OCTOBER, actor=None, now=now)
    bill = accepted(account, finance, now)
    card.plan.prices.update(monthly_fee=24)
    rate_month(month=OCTOBER, actor=None, now=now)
    pick = bill.differences.get(kind=SINCE).pk
    open_dispute(bill=bill, differences=[pick], reason="", sent_on=date(2026, 11, 2), actor=finance, now=now)
    card.plan.prices.update(monthly_fee=23)
    rate_month(month=OCTOBER, actor=None, now=now)
    assert [(amount, state) for _card, _right, amount, state in since(bill)] == [(6, "disputed"), (1, "open")]


def test_reopened_what_is_in_dispute_stays_and_is_credited_by_card(card, account, finance, now) -> None:
    """R82: 6 disputed outlive the acceptance; what is reckoned since the next one is told beside; the 6 come back."""
    rate_month(month=OCTOBER, actor=None, now=now)
    bill = accepted(account, finance, now)
    card.plan.prices.update(monthly_fee=24)
    rate_month(month=OCTOBER, actor=None, now=now)
    pick = bill.differences.get(kind=SINCE).pk
    sent = {"reason": "", "sent_on": date(2026, 11, 2), "actor": finance, "now": now}
    dispute = open_dispute(bill=bill, differences=[pick], **sent)
    reopen_bill(bill=bill, reason="details came", actor=finance, now=now)
    assert [(amount, state) for _card, _right, amount, state in since(bill)] == [(6, "disputed")]
    accept_bill(bill=bill, actor=finance, now=now + timedelta(hours=1))
    card.plan.prices.update(monthly_fee=23)
    rate_month(month=OCTOBER, actor=None, now=now)
    assert [(amount, state) for _card, _right, amount, state in since(bill)] == [(6, "disputed"), (1, "open")]
    answer = Answer(outcome=DisputeState.CREDITED, answered_on=date(2026, 11, 9), reply="-")
    close_dispute(dispute=dispute, answer=answer, actor=finance, now=now)
    assert LedgerEntry.objects.get(key=f"{dispute.credit_key}{card.pk}").amount == 6


def test_another_account_and_month_are_posted_as_ever(card, account, load, finance, now) -> None:
    """The card went to another account on 16 October: only what the accepted bill is about is held to it."""
    rate_month(month=OCTOBER, actor=None, now=now)
    bill = accepted(account, finance, now)
    later = AccountFactory(carrier=card.carrier, kind=AccountKind.SHARED)
    AccountCard.objects.filter(card=card).update(ends_on=date(2026, 10, 16))
    AccountCard.objects.create(account=later, card=card, starts_on=date(2026, 10, 16))
    load(
        generic(
            f"{OWN},2026-10-15 09:00:00,out,13900000001,60,1.00",
            f"{OWN},2026-10-16 09:00:00,out,13900000001,60,2.00",
            f"{OWN},2026-11-02 09:00:00,out,13900000001,60,4.00",
        )
    )
    assert cost(account) == Decimal(32)
    assert since(bill) == [(card.pk, Decimal(33), Decimal(-1), "open")]
    assert sum(ledger_costs(later, OCTOBER).values()) == Decimal(2)
    assert sum(ledger_costs(later, date(2026, 11, 1)).values()) == Decimal(4)
    assert_proven()


def test_what_a_person_posts_stands(card, account, finance, now) -> None:
    """A charge by hand is somebody's word, not our reckoning; it is posted and not held."""
    accepted(account, finance, now)
    charge(account=account, amount=Decimal(3), card=card, actor=finance, now=now, month=OCTOBER)
    assert cost(account) == Decimal(35)


def test_reopened_the_month_is_what_we_reckon_again(card, account, load, finance, now) -> None:
    """R27: reopened, taken back and rated; reopened, checked and accepted anew, the ledger is at the bill once more."""
    load(of_october("2.00"))
    rate_month(month=OCTOBER, actor=None, now=now)
    before = cost(account)
    bill = accepted(account, finance, now, fee="33.00", total="35.00")
    load(of_october("2.00", "5.00"), name="late.csv")
    assert (before, cost(account)) == (Decimal(32), Decimal(35))
    reopen_bill(bill=bill, reason="details came", actor=finance, now=now)
    assert cost(account) == Decimal(37)
    assert since(bill) == []
    with pytest.raises(NotAcceptedYet):
        reopen_bill(bill=bill, reason="again", actor=finance, now=now)
    accept_bill(bill=bill, actor=finance, now=now)
    assert cost(account) == Decimal(35)
    reopen_bill(bill=bill, reason="wrong file", actor=finance, now=now)
    withdraw_bill(bill=bill, actor=finance, now=now)
    card.plan.prices.update(monthly_fee=31)
    rate_month(month=OCTOBER, actor=None, now=now)
    assert cost(account) == Decimal(38)
    assert_proven()


def test_a_paid_bill_stays(account, finance, now) -> None:
    bill = accepted(account, finance, now)
    paid = {"amount": Decimal(32), "paid_on": date(2026, 11, 2), "reference": ""}
    record_payment(bill=bill, actor=finance, now=now, **paid)
    with pytest.raises(BillPaid):
        reopen_bill(bill=bill, reason="-", actor=finance, now=now)


def test_ten_cards_take_as_many_statements_as_one(card, account, finance, now) -> None:
    rate_month(month=OCTOBER, actor=None, now=now)
    accepted(account, finance, now)

    def rated(fee: int) -> int:
        card.plan.prices.update(monthly_fee=fee)
        with CaptureQueriesContext(connection) as seen:
            rate_month(month=OCTOBER, actor=None, now=now)
        return len(seen)

    one = rated(31)
    others = [CardFactory(plan=card.plan, carrier=card.carrier, activated_on=date(2026, 3, 1)) for _ in range(9)]
    AccountCard.objects.bulk_create(AccountCard(account=account, card=other, starts_on=OCTOBER) for other in others)
    assert rated(32) == one
    assert LedgerEntry.objects.filter(kind=EntryKind.ADJUSTMENT).count() == 1 + 10


def test_the_page_reopens_a_bill_for_a_reason(client, account, finance, now) -> None:
    bill = accepted(account, finance, now)
    client.force_login(finance)
    assert client.post(f"/bills/{bill.pk}/reopen/").status_code == 400
    client.post(f"/bills/{bill.pk}/reopen/", {"reason": "重新核对"})
    bill.refresh_from_db()
    assert bill.state == "checked"
