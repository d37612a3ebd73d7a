"""The ledger under writers beside each other: balances are sums, a key is once, a closed month is complete."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.db import connections
from django.db.models import Sum

from billing.choices import EntryKind
from billing.errors import KeyReused, MonthClosed
from billing.models import Account, LedgerEntry
from billing.selectors.month_proofs import wrong_months
from billing.selectors.proofs import wrong_balances
from billing.services import ledger
from billing.services.closing import close_month
from tests.factories.billing import AccountFactory

WRITERS, EACH = 4, 6
OCTOBER = date(2026, 10, 1)


def in_threads(*works):
    """Do works beside each other, each with a connection of its own, and return what they return."""

    def alone(work):
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(alone, works))


@pytest.mark.django_db(transaction=True)
def test_balances_are_sums_whoever_writes_beside_whom(now):
    """R27: posts, sets and reversals of four writers on two accounts; one key shared by all is one entry."""
    accounts = [AccountFactory(), AccountFactory()]
    known = {"actor": None, "now": now}

    def write(writer):
        for number in range(EACH):
            account = accounts[(writer + number) % 2]
            entry = ledger.charge(account=account, amount=Decimal(number + 1), **known)
            ledger.top_up(account=accounts[0], amount=Decimal(7), key=f"shared:{number}", **known)
            facts = {"card_id": None, "amount": Decimal(-1), "at": now, "month": OCTOBER}
            order = accounts[:: 1 if writer % 2 else -1]
            postings = [ledger.Posting(account_id=one.pk, key=f"set:{number}:{one.pk}", **facts) for one in order]
            ledger.post_many(kind=EntryKind.ADJUSTMENT, postings=postings, **known)
            if number % 2:
                ledger.reverse(entry=entry, note="", **known)

    in_threads(*(lambda writer=writer: write(writer) for writer in range(WRITERS)))
    assert not list(wrong_balances())
    keys = LedgerEntry.objects.filter(key__startswith="shared:") | LedgerEntry.objects.filter(key__startswith="set:")
    assert keys.count() == EACH * 3
    assert LedgerEntry.objects.count() == EACH * 3 + WRITERS * EACH * 3 // 2


@pytest.mark.django_db(transaction=True)
def test_what_is_posted_beside_a_close_is_in_its_figures_or_not_in_the_month(now):
    """R27: a closed month's figures are those of all of its entries, however many were under way."""
    account = AccountFactory()
    known = {"actor": None, "now": now}
    ledger.charge(account=account, amount=Decimal(1), month=OCTOBER, **known)

    def write():
        for _number in range(EACH * 3):
            try:
                ledger.charge(account=account, amount=Decimal(1), month=OCTOBER, **known)
            except MonthClosed:
                ledger.charge(account=account, amount=Decimal(1), month=OCTOBER, is_late=True, **known)

    closed = in_threads(write, write, lambda: close_month(month=OCTOBER, **known))[-1]
    in_month = LedgerEntry.objects.filter(month=OCTOBER)
    assert in_month.count() == closed.figures["entries"]
    assert Decimal(closed.figures["cost"]) == -in_month.aggregate(total=Sum("amount"))["total"]
    assert LedgerEntry.objects.count() == 1 + EACH * 6
    assert Account.objects.get().balance == -(1 + EACH * 6)
    assert [*wrong_months(), *wrong_balances()] == []


@pytest.mark.django_db(transaction=True)
def test_one_key_on_two_accounts_is_one_entry_and_a_refusal(now):
    """Each has its own account locked; the database lets one of them have the key, and the other is told."""
    accounts = [AccountFactory(), AccountFactory()]

    def post(account, key):
        try:
            return ledger.top_up(account=account, amount=Decimal(5), actor=None, now=now, key=key)
        except KeyReused as refusal:
            return refusal

    for turn in range(EACH):
        done = in_threads(*(partial(post, account, f"same:{turn}") for account in accounts))
        assert sorted(type(one) is KeyReused for one in done) == [False, True]
    assert LedgerEntry.objects.count() == EACH
    assert not list(wrong_balances())
