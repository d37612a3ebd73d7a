"""Accounts whose balance differs from the carrier's by what nothing explains, as a list (R29)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from billing.choices import DifferenceCause, EntryKind, ReadingSource
from billing.models import Account, AccountCard, BalanceGap, BalanceReading
from billing.selectors.differences import difference_of, differences
from billing.services import ledger
from billing.services.balance_gaps import find_gaps
from billing.services.differences import explain_difference
from billing.tasks import find_balance_gaps
from cardfleet.accounts.choices import Role
from tests.billing.conftest import at, generic
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def said(account: Account, balance: str, day: int, now) -> BalanceReading:
    return BalanceReading.objects.create(
        account=account, read_at=at(day), balance=Decimal(balance), source=ReadingSource.APP, recorded_at=now
    )


def paid(account: Account, amount: str, now) -> Account:
    ledger.post(account=account, kind=EntryKind.OPENING, amount=Decimal(amount), at=at(1), actor=None, now=now)
    return account


def test_a_gap_keeps_since_when_it_is_there_and_goes_when_it_is_explained(now) -> None:
    """R29: 8 yuan less than ours since the 10th; the reading of the 15th goes on with it; an explanation ends it."""
    account = paid(AccountFactory(), "50", now)
    said(account, "42", 10, now)
    assert find_gaps(now=now) == 1
    said(account, "41", 15, now)
    assert [find_balance_gaps(on=now.date(), now=now) for _turn in range(2)] == [{"unexplained": 1}] * 2
    gap = BalanceGap.objects.get()
    assert (gap.since, gap.amount, gap.computed) == (at(10), Decimal(-9), Decimal(50))
    explain_difference(
        reading=gap.reading, amount=gap.amount, cause=DifferenceCause.LATE, actor=None, now=now + timedelta(hours=1)
    )
    assert not BalanceGap.objects.exists()
    said(account, "30", 17, now)
    find_gaps(now=now)
    assert BalanceGap.objects.get().since == at(17)
    ledger.charge(account=account, amount=Decimal(20), at=at(16), actor=None, now=now)
    assert find_gaps(now=now) == 0


def test_what_adds_up_is_no_gap(card, load, now) -> None:
    """R29: calls of the day of the reading that the carrier has not billed yet explain it."""
    load(generic("13812345678,2026-11-19 09:00:00,out,13900000001,61,0.31"))
    account = paid(card.paid_by.get().account, "50", now)
    said(account, "50", 19, now)
    assert find_gaps(now=now) == 0


def test_a_card_that_changed_its_account_counts_for_each_for_its_days(card, load, now) -> None:
    """Calls of 3 yuan on the first account's days and 5 on the second's: each reading is held against its own."""
    first, second = (paid(AccountFactory(carrier=card.carrier), "50", now) for _ in range(2))
    AccountCard.objects.create(account=first, card=card, starts_on=at(1).date(), ends_on=at(8).date())
    AccountCard.objects.create(account=second, card=card, starts_on=at(8).date())
    load(
        generic(
            "13812345678,2026-11-07 09:00:00,out,13900000001,61,3.00",
            "13812345678,2026-11-09 09:00:00,out,13900000001,61,5.00",
        )
    )
    for account in (first, second):
        said(account, "50", 5, now)
    assert [one.amount for one in differences([first.pk, second.pk])] == [Decimal(0), Decimal(0)]
    assert [difference_of(account).since for account in (first, second)] == [Decimal(-3), Decimal(-5)]


def test_the_list_and_its_api(client, now) -> None:
    """R29, R13: largest first, filtered by size and carrier, with the next step; the API says the same."""
    accounts = [paid(AccountFactory(), "50", now) for _ in range(3)]
    for account, balance in zip(accounts, ("49", "20", "70"), strict=True):
        said(account, balance, 10, now)
    find_gaps(now=now)
    finance = PersonFactory(role=Role.FINANCE)
    client.force_login(finance)
    page = client.get(reverse("billing:gaps"))
    assert [gap.amount for gap in page.context["page_obj"]] == [-30, 20, -1]
    assert page.context["whole"]["total"] == 51
    shown = page.content.decode()
    assert f"{reverse('billing:account', args=[accounts[1].pk])}#explain" in shown
    assert f"{reverse('billing:bills')}?account={accounts[1].pk}" in shown
    assert f"{reverse('billing:bills')}?account={accounts[2].pk}" not in shown
    asked = {"least": "10", "carrier": accounts[2].carrier_id}
    assert len(client.get(reverse("billing:gaps"), asked).context["page_obj"]) == 1
    api = APIClient()
    api.force_authenticate(finance)
    rows = api.get("/api/v1/balances/unexplained/", {"least": "10"}).data["results"]
    assert [(row["account"], row["amount"]) for row in rows] == [(one.pk, gap) for one, gap in
        zip(accounts[1:], ("-30.00", "20.00"), strict=True)]  # fmt: skip
    assert api.get("/api/v1/balances/unexplained/", {"lest": "10"}).status_code == 400


def test_a_supervisor_sees_the_accounts_of_their_cards(client, now) -> None:
    team = TeamFactory()
    for where in (team, TeamFactory()):
        account = paid(AccountFactory(), "50", now)
        AccountCard.objects.create(account=account, card=CardFactory(team=where), starts_on=at(1).date())
        said(account, "40", 10, now)
    find_gaps(now=now)
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=team))
    assert len(client.get(reverse("billing:gaps")).context["page_obj"]) == 1


def test_three_accounts_take_as_many_queries_as_one(client, now) -> None:
    client.force_login(PersonFactory(role=Role.FINANCE))

    def cost(count: int) -> tuple[int, int]:
        for _ in range(count):
            said(paid(AccountFactory(), "50", now), "40", 10, now)
        with CaptureQueriesContext(connection) as found:
            find_gaps(now=now)
        with CaptureQueriesContext(connection) as shown:
            client.get(reverse("billing:gaps"))
        return len(found), len(shown)

    cost(1)
    assert cost(0) == cost(2)
