"""`reconcile_balances` and `reconcile_usage`: what is stored proves itself."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from billing.models import Account, UsageCharge, UsageDaily
from billing.services import ledger
from tests.billing.conftest import at, generic
from tests.factories.billing import UsageSourceFactory

CALLS = generic(
    "13812345678,2026-11-19 09:00:00,out,13900000001,61,0.30",
    "13812345678,2026-11-19 09:00:00,in,13900000001,61,0.00",
    "13812345678,2026-10-31 23:59:59,out,10086,5,0.10",
)


@pytest.fixture
def stored(card, load, now):
    """Calls of two roles, and a top-up."""
    load(CALLS)
    load(CALLS, source=UsageSourceFactory(slug="pbx", role="switch"))
    account = Account.objects.get()
    ledger.top_up(account=account, amount=Decimal(50), actor=None, now=now)
    return account


def test_what_services_wrote_is_proven(stored):
    call_command("reconcile_balances")
    call_command("reconcile_usage")


def test_a_balance_that_is_not_its_entries_sum_is_told(stored, capsys):
    Account.objects.update(balance=F("balance") + 1)
    with pytest.raises(CommandError):
        call_command("reconcile_balances")
    assert f"account {stored.pk}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: UsageDaily.objects.filter(role="carrier", day=at(19).date()).update(most_in_60=9),
        lambda: UsageDaily.objects.filter(role="switch", day=at(19).date()).delete(),
        lambda: UsageCharge.objects.filter(counts=True).update(amount=F("amount") + 1),
        lambda: UsageCharge.objects.update(counts=False),
    ],
)
def test_a_rollup_that_is_not_what_the_records_say_is_told(spoil, stored):
    spoil()
    with pytest.raises(CommandError):
        call_command("reconcile_usage")
