"""Panels and lists of usage and money: scope, figures, what is posted by hand (R13, R28, R29)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.models import Account, BalanceReading, LedgerEntry, UsageDaily
from billing.selectors.balances import balances, month_charges
from billing.services.accounts import open_accounts
from billing.services.ledger import charge, top_up
from billing.services.ledger import reverse as reverse_entry
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from lifecycle.selectors.facts import inputs_of
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def team(db):
    return TeamFactory()


@pytest.fixture
def card(team):
    """A card with an account and a top-up of 50."""
    card = CardFactory(team=team)
    open_accounts(card_ids=[card.pk], actor=None, now=timezone.now())
    account = Account.objects.get(members__card=card)
    top_up(account=account, card=card, amount=Decimal(50), actor=None, now=timezone.now() - timedelta(hours=2))
    return card


@pytest.fixture
def finance(client):
    person = PersonFactory(role=Role.FINANCE)
    client.force_login(person)
    return person


def test_what_the_carrier_says_stands_beside_what_we_compute(card, client, finance):
    """R29: a reading with its moment and source; later entries move the balance on."""
    account = Account.objects.get(members__card=card)
    read_at = timezone.now() - timedelta(hours=1)
    BalanceReading.objects.create(
        account=account, read_at=read_at, balance=Decimal("47.50"), source="app", recorded_at=read_at
    )
    top_up(account=account, card=card, amount=Decimal(10), actor=None, now=timezone.now())
    balance = balances([card.pk])[card.pk]
    assert (balance.computed, balance.reading) == (Decimal(60), Decimal("47.50"))
    assert (balance.difference, balance.shown) == (Decimal("-2.50"), Decimal("57.50"))
    page = client.get(reverse("billing:card-money", args=[card.pk])).content.decode()
    assert "¥57.50" in page


def test_a_charge_that_was_taken_back_is_not_of_the_month(card):
    """R29: what the month cost so far, by the card's page and the rules alike."""
    account, now = Account.objects.get(members__card=card), timezone.now()
    charge(account=account, card=card, amount=Decimal(8), actor=None, now=now)
    mistake = charge(account=account, card=card, amount=Decimal(30), actor=None, now=now)
    reverse_entry(entry=mistake, note="twice", actor=None, now=now)
    assert month_charges(business_day(now), [card.pk]) == {card.pk: Decimal(8)}
    known = inputs_of([card.pk], now=now)[card.pk]
    assert (known.fees_month, known.billed_this) == (Decimal(8), Decimal(8))


def test_calls_by_day_are_drawn_and_tabled(card, client, finance):
    day = business_day(timezone.now())
    UsageDaily.objects.create(card=card, day=day, role="phone", calls=3, hours=[0] * 24, last_at=timezone.now())
    UsageDaily.objects.create(card=card, day=day, role="carrier", calls=7, hours=[0] * 24, last_at=timezone.now())
    page = client.get(reverse("lifecycle:card-calls", args=[card.pk])).content.decode()
    assert '<td class="num">7</td>' in page
    assert '<td class="num">3</td>' not in page


@pytest.mark.parametrize("name", ["billing:card-money", "lifecycle:card-calls"])
def test_panels_of_a_card_outside_the_scope_do_not_exist(card, client, name):
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()))
    assert client.get(reverse(name, args=[card.pk])).status_code == 404


def test_the_ledger_lists_the_scope(card, client, team):
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()))
    assert "¥50.00" not in client.get(reverse("billing:ledger")).content.decode()
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=team))
    assert "¥50.00" in client.get(reverse("billing:ledger")).content.decode()


def test_finance_posts_a_top_up_and_others_may_not(card, client, finance, team):
    """R28: a top-up is posted to the account that pays for the card."""
    given = {"card": card.iccid, "kind": "top_up", "amount": "20.00", "reference": "CZ-1", "note": ""}
    assert client.post(reverse("billing:post"), given).status_code == 302
    entry = LedgerEntry.objects.latest("id")
    assert (entry.amount, entry.card, entry.actor, entry.reference) == (Decimal(20), card, finance, "CZ-1")
    assert (entry.top_up.origin, entry.top_up.state) == ("recorded", "arrived")
    slipped = {**given, "amount": "20000"}
    assert client.post(reverse("billing:post"), slipped).context["form"].errors["amount"]
    assert LedgerEntry.objects.count() == 2
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=team))
    assert client.post(reverse("billing:post"), given).status_code == 403
    assert LedgerEntry.objects.count() == 2


def test_a_negative_top_up_is_refused_and_nothing_posted(card, client, finance):
    """Bad input: a negative fee."""
    given = {"card": card.iccid, "kind": "top_up", "amount": "-5", "reference": "", "note": ""}
    assert client.post(reverse("billing:post"), given).status_code in (400, 409)
    assert LedgerEntry.objects.count() == 1


def test_calls_are_asked_for_by_card(card, client, finance):
    assert client.get(reverse("billing:usage")).status_code == 200
    assert client.get(reverse("billing:usage"), {"msisdn": card.msisdn}).status_code == 200
    assert client.get(reverse("billing:usage"), {"direction": "sideways"}).status_code == 400
