"""`reconcile_balances` and `reconcile_usage`: what is stored proves itself."""

from datetime import date
from decimal import Decimal

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from billing.models import Account, LedgerEntry, UsageCharge, UsageDaily, UsageMonth
from billing.services import ledger
from billing.services.month_sums import sum_months
from cardfleet.journal.models import Entry as JournalEntry
from cards.models import Card
from tests.billing.conftest import at, generic
from tests.factories.billing import UsageSourceFactory, some_transfer

DAY = date(2026, 11, 19)
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
    sum_months(now=now)
    return account


def test_what_services_wrote_is_proven(stored):
    call_command("reconcile_balances")
    call_command("reconcile_usage")


def test_a_balance_that_is_not_its_entries_sum_is_told(stored, capsys):
    Account.objects.update(balance=F("balance") + 1)
    with pytest.raises(CommandError):
        call_command("reconcile_balances")
    assert f"account {stored.pk}" in capsys.readouterr().out


def test_a_transfer_whose_legs_do_not_add_up_is_told(db, capsys):
    """R28: a leg written with the trigger asleep; its account's balance is told, too."""
    moved = some_transfer()
    call_command("reconcile_balances")
    leg = moved.legs.get(amount__gt=0)
    with pgtrigger.ignore("billing.LedgerEntry:legs_add_up_to_nothing"):
        facts = {"at": leg.at, "posted_at": leg.at, "month": leg.month, "key": "third leg"}
        LedgerEntry.objects.create(account=leg.account, kind="transfer", transfer=moved, amount=3, **facts)
        connection.check_constraints()
    with pytest.raises(CommandError, match="2 differences"):
        call_command("reconcile_balances")
    assert f"transfer {moved.pk}: its 3 legs add up to 3.00" in capsys.readouterr().out


SPOILED = {
    "differs in most_in_60": lambda: UsageDaily.objects.filter(role="carrier", day=DAY).update(most_in_60=9),
    "rollup of role switch differs in": lambda: UsageDaily.objects.filter(role="switch", day=DAY).delete(),
    "charge of role carrier differs in amount": lambda: UsageCharge.objects.filter(counts=True).update(
        amount=F("amount") + 1
    ),
    "charge differs in counts": lambda: UsageCharge.objects.update(counts=False),
    "charge of role switch differs in calls": lambda: UsageCharge.objects.filter(role="switch").delete(),
    "the sums of the month are not those of its charges": lambda: UsageMonth.objects.update(seconds=1),
    "the ledger has": lambda: LedgerEntry.objects.create(
        account=Account.objects.get(), card=Card.objects.get(), kind="usage", amount=-1, month=date(2026, 11, 1),
        at=at(1), posted_at=at(1), key="wrong",
    ),
}  # fmt: skip


@pytest.mark.parametrize("said", SPOILED)
def test_what_differs_is_told_and_repaired(said, stored, capsys):
    """Each line names the card, the day or month, and the column."""
    SPOILED[said]()
    with pytest.raises(CommandError):
        call_command("reconcile_usage")
    lines = [line for line in capsys.readouterr().out.splitlines() if said in line]
    assert lines
    assert lines[0].startswith(f"card {Card.objects.get().pk}, 2026-1")
    call_command("reconcile_usage", "--repair")
    call_command("reconcile_usage")
    assert JournalEntry.objects.filter(action="billing.rollups_repaired").count() == 1
