"""Alerts on money: owed, or about to run out."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.choices import AccountKind, EntryKind
from billing.models import BalanceReading
from billing.services.ledger import post
from cards.choices import Payment, ServiceState, Severity, StopReason
from cards.models import Card
from lifecycle.choices import AlertKind, AlertState
from lifecycle.models import Alert
from lifecycle.services.arrears import check_arrears
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory, CarrierFactory
from tests.factories.lifecycle import UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def paid(now, balance: str, *, kind=EntryKind.OPENING, **facts) -> Card:
    """Return a card whose account somebody set a balance on."""
    card = CardFactory(**facts)
    account = AccountFactory(carrier=card.carrier, cards=[card])
    post(account=account, kind=kind, amount=Decimal(balance), actor=None, now=now)
    return card


def test_a_prepaid_card_below_the_carriers_line_is_in_arrears(now):
    """R6, R36: what is owed, and that the carrier may stop the card today."""
    card = paid(now, "-46.20")
    outcome = check_arrears(now=now)
    alert = Alert.objects.get(card=card)
    assert (outcome.owing, outcome.low) == (1, 0)
    assert (alert.kind, alert.severity) == (AlertKind.ARREARS, Severity.CRITICAL)
    assert (alert.params["amount"], alert.params["stop_on"]) == ("46.20", "2026-11-20")


def test_the_stop_is_computed_by_the_carriers_own_terms(now):
    """R6, R36: a postpaid bill is due on the carrier's day and stops so many days after it."""
    carrier = CarrierFactory(due_day=10, stop_after_days=30)
    card = CardFactory(carrier=carrier)
    account = AccountFactory(carrier=carrier, cards=[card], payment=Payment.POSTPAID)
    october = {"month": date(2026, 10, 1), "at": now - timedelta(days=30)}
    post(account=account, kind=EntryKind.MONTHLY_FEE, amount=Decimal(-59), actor=None, now=now, card=card, **october)
    check_arrears(now=now)
    alert = Alert.objects.get(card=card)
    assert (alert.kind, alert.severity) == (AlertKind.ARREARS, Severity.HIGH)
    assert alert.params == {
        "amount": "59.00",
        "due_on": "2026-11-10",
        "stop_on": "2026-12-11",
        "terminate_on": "2027-02-09",
    }


def test_a_card_stopped_for_arrears_says_when_its_number_ends(now):
    """R45: until then it can still be paid and restored."""
    stopped_at = now - timedelta(days=5)
    card = paid(
        now,
        "-20",
        service_state=ServiceState.FULL_STOP,
        stop_reason=StopReason.ARREARS,
        service_since=stopped_at,
    )
    check_arrears(now=now)
    alert = Alert.objects.get(card=card)
    assert (alert.code, alert.params["terminate_on"]) == ("arrears_stopped", "2027-01-14")


def test_money_that_lasts_two_days_is_a_low_balance(now):
    """R29, R30: burn-down days, warned at seven and grave at two."""
    card = paid(now, "6")
    for days in range(1, 31):
        UsageDailyFactory(card=card, day=(now - timedelta(days=days)).date(), cost=Decimal(3))
    check_arrears(now=now)
    alert = Alert.objects.get(card=card)
    assert (alert.kind, alert.severity, alert.code) == (AlertKind.LOW_BALANCE, Severity.HIGH, "low_balance")
    assert alert.rule.kind == "low_balance"


def test_a_low_balance_that_becomes_a_debt_is_one_alert_not_two(now):
    card = paid(now, "0.01")
    account = card.paid_by.get().account
    post(account=account, kind=EntryKind.OTHER_CHARGE, amount=Decimal("-0.01"), actor=None, now=now)
    check_arrears(now=now)
    assert Alert.objects.get(card=card).kind == AlertKind.LOW_BALANCE
    post(account=account, kind=EntryKind.OTHER_CHARGE, amount=Decimal(-5), actor=None, now=now)
    check_arrears(now=now + timedelta(hours=2))
    assert [alert.kind for alert in Alert.objects.open().filter(card=card)] == [AlertKind.ARREARS]


def test_paying_closes_the_alert_and_owing_again_opens_it_again(now):
    """R36: closed when the cause is gone, with its history."""
    card = paid(now, "-10")
    account = card.paid_by.get().account
    check_arrears(now=now)
    post(account=account, kind=EntryKind.TOP_UP, amount=Decimal(100), actor=None, now=now)
    assert check_arrears(now=now + timedelta(hours=2)).alerts.closed == 1
    post(account=account, kind=EntryKind.OTHER_CHARGE, amount=Decimal(-95), actor=None, now=now)
    check_arrears(now=now + timedelta(hours=4))
    alert = Alert.objects.get(card=card)
    assert (alert.state, alert.reopened, alert.first_seen_at) == (AlertState.OPEN, 1, now)


def test_a_second_run_changes_nothing(now):
    paid(now, "-10")
    check_arrears(now=now)
    before = list(Alert.objects.values())
    outcome = check_arrears(now=now)
    assert (outcome.alerts.news, outcome.alerts.closed) == ([], 0)
    assert list(Alert.objects.values()) == before


def test_charges_alone_say_nothing_of_a_prepaid_balance(now):
    """Calls were imported but nobody ever said what money was there: unknown is not owed."""
    paid(now, "-12.30", kind=EntryKind.USAGE)
    assert check_arrears(now=now).owing == 0


def test_the_carriers_reading_counts_more_than_our_own_sum(now):
    """R29: the balance to act on is the carrier's last word and what we posted since."""
    card = CardFactory()
    account = AccountFactory(carrier=card.carrier, cards=[card])
    post(account=account, kind=EntryKind.USAGE, amount=Decimal(-12), actor=None, now=now, at=now - timedelta(days=2))
    facts = {"account": account, "source": "app", "recorded_at": now}
    BalanceReading.objects.create(balance=Decimal(80), read_at=now - timedelta(days=1), **facts)
    assert check_arrears(now=now).owing == 0


def test_every_card_of_a_shared_account_is_told(now):
    """集团统付: when the account stops, all its cards stop."""
    carrier = CarrierFactory()
    cards = CardFactory.create_batch(3, carrier=carrier)
    account = AccountFactory(carrier=carrier, kind=AccountKind.SHARED, cards=cards)
    post(account=account, kind=EntryKind.OPENING, amount=Decimal(-1), actor=None, now=now)
    assert check_arrears(now=now).owing == 3


def test_the_number_of_statements_does_not_grow_with_the_fleet(now):
    def statements(cards: int) -> int:
        for _number in range(cards):
            paid(now, "-10")
        with CaptureQueriesContext(connection) as captured:
            check_arrears(now=now)
        return len(captured)

    statements(1)
    assert statements(1) == statements(29)
