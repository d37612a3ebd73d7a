"""A carrier's balance beside ours, and how long the money lasts (R29)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from agents.errors import ReasonMissing
from billing.choices import DifferenceCause, DifferencePart, EntryKind, ReadingSource
from billing.models import BalanceReading
from billing.rules.burn_down import burn_down, weekday_burns
from billing.rules.differences import explained_by
from billing.selectors.differences import difference_of
from billing.services import ledger
from billing.services.differences import explain_difference
from cardfleet.accounts.choices import Role
from tests.billing.conftest import at, generic
from tests.billing.test_api import API, signed_in
from tests.factories.accounts import PersonFactory, TeamFactory

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("difference", "parts", "found"),
    [
        ("0", {"a": "1"}, set()),
        ("3", {"a": "1", "b": "2", "c": "3"}, {"c"}),
        ("5", {"a": "1", "b": "2", "c": "3"}, {"b", "c"}),
        ("-2", {"a": "1", "b": "-3"}, {"a", "b"}),
        ("4.01", {"a": "1", "b": "3"}, None),
    ],
)
def test_the_fewest_parts_that_add_up(difference, parts, found):
    """R29: a difference is explained to the fen, or not at all."""
    assert explained_by(Decimal(difference), {name: Decimal(amount) for name, amount in parts.items()}) == found


def test_a_weekday_costs_half_what_it_did_in_a_month_and_half_what_it_did_last():
    """R29: weekdays apart, since nobody calls on Sundays."""
    days = [FRIDAY - timedelta(days=number) for number in range(1, 31)]
    costs = {day: Decimal(0) if day.weekday() == 6 else Decimal(10) for day in days}
    costs[FRIDAY - timedelta(days=1)] = Decimal(20)  # Thursday: mean of five 12, last 20
    burns = weekday_burns(costs, today=FRIDAY)
    assert burns == [10, 10, 10, 16, 10, 10, 0]


def test_the_money_ends_on_a_day():
    """R29: 45 yuan at 10 a day but none on Sunday, and a fee on the first of the month."""
    days = [FRIDAY - timedelta(days=number) for number in range(1, 31)]
    costs = {day: Decimal(0) if day.weekday() == 6 else Decimal(10) for day in days}
    burn = burn_down(Decimal(45), costs, today=FRIDAY)
    assert (burn.ends_on, burn.left[-1][1]) == (date(2026, 11, 25), Decimal(-5))
    fee = burn_down(Decimal(100), {}, today=FRIDAY, monthly_fees=Decimal(60))
    assert fee.ends_on == date(2027, 1, 1)
    assert burn_down(Decimal(1), {}, today=FRIDAY).ends_on is None


@pytest.mark.django_db
def test_what_lies_between_the_carrier_and_us(card, load, client, reference, now):
    """R29: calls of the reading's day that the carrier has not billed explain it; what nothing explains is disputed."""
    load(generic("13812345678,2026-11-19 09:00:00,out,13900000001,61,0.31"))
    account = card.paid_by.get().account
    known = {"account": account, "actor": None, "now": now}
    ledger.post(kind=EntryKind.OPENING, amount=Decimal(50), at=at(1), **known)
    ledger.top_up(amount=Decimal(20), **known)
    read = BalanceReading.objects.create(
        account=account, read_at=at(19, 18), balance=Decimal(50), source=ReadingSource.APP, recorded_at=now
    )
    account.refresh_from_db()
    found = difference_of(account)
    assert (found.computed, found.amount, found.since) == (Decimal("49.69"), Decimal("0.31"), Decimal(20))
    assert (found.adds_up, found.is_open) == ({DifferencePart.CALLS_OF_THE_DAY}, False)

    BalanceReading.objects.create(
        account=account, read_at=at(19, 20), balance=Decimal(40), source=ReadingSource.APP, recorded_at=now
    )
    assert difference_of(account).is_open
    with pytest.raises(ReasonMissing):
        explain_difference(reading=read, amount=Decimal(1), cause=DifferenceCause.DISPUTED, actor=None, now=now)
    client.force_login(PersonFactory(role=Role.FINANCE))
    page = reverse("billing:account", args=[account.pk])
    assert client.get(page).context["found"].is_open
    done = client.post(page, {"cause": DifferenceCause.DISPUTED, "note": "they took 9.69 twice"})
    assert (done.status_code, difference_of(account).is_open) == (302, False)
    assert client.get(page).context["found"].said.cause == DifferenceCause.DISPUTED


@pytest.mark.django_db
def test_a_program_is_told_what_lies_between_and_says_what_it_is(card, load, reference, now, time_machine):
    """R29: as on the page of the account; finance alone explains, and says more where the cause says nothing."""
    time_machine.move_to(now, tick=False)
    load(generic("13812345678,2026-11-19 09:00:00,out,13900000001,61,0.31"))
    account = card.paid_by.get().account
    url, finance = f"{API}accounts/{account.pk}/", signed_in(Role.FINANCE)
    assert finance.get(url).json()["difference"] is None
    body = {"cause": "disputed", "note": "they took it twice"}
    assert finance.post(f"{url}explain/", body).json()["details"][0]["code"] == "no_reading"
    BalanceReading.objects.create(
        account=account, read_at=at(19, 18), balance=Decimal(40), source=ReadingSource.APP, recorded_at=now
    )
    told = finance.get(url).json()
    assert (told["balance"], told["burn_down"]["ends_on"]) == ("-0.31", "2027-01-01")
    found = told["difference"]
    assert (found["said"], found["amount"], found["is_open"], found["explanation"]) == ("40.00", "40.31", True, None)
    assert found["parts"][0] == {"part": "calls_of_the_day", "amount": "0.31", "adds_up": False}
    assert finance.post(f"{url}explain/", {"cause": "disputed"}).status_code == 400
    assert signed_in(Role.SUPERVISOR).post(f"{url}explain/", body).status_code == 403
    said = finance.post(f"{url}explain/", body)
    assert (said.status_code, said.json()["amount"]) == (201, "40.31")
    found = finance.get(url).json()["difference"]
    assert (found["is_open"], found["explanation"]["note"]) == (False, "they took it twice")
    assert signed_in(Role.SUPERVISOR, scope=TeamFactory()).get(url).status_code == 404
