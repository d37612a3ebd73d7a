"""Monthly fees (R27, R94)."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from billing.models import Account, LedgerEntry
from billing.services.rating import rate_month
from billing.tasks import rate_months
from cards.models import CardChange
from cards.services.corrections import correct_state
from tests.billing.conftest import at
from tests.factories.cards import CardFactory, PlanPriceFactory

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


def moved(card, to: str, when: datetime, start: str = "active"):
    """Move a card to a state at a moment."""
    CardChange.objects.create(
        card=card, axis="service", from_state=start, to_state=to, at=when, recorded_at=when, source="import"
    )
    card.service_state = to
    card.service_since = when
    card.save()


@pytest.fixture
def price():
    return PlanPriceFactory(monthly_fee=Decimal("29.00"))


def test_each_card_in_service_pays_once_a_month(price, now):
    """R27: the job runs twice and charges once."""
    card = CardFactory(plan=price.plan, created_at=at(2))
    CardFactory()
    assert rate_months(on=date(2026, 11, 20), now=now) == {"posted": 1}
    assert rate_months(on=date(2026, 11, 21), now=now) == {"posted": 0}
    assert rate_months(on=date(2026, 12, 1), now=now) == {"posted": 1}
    entry = LedgerEntry.objects.order_by("id").first()
    assert (entry.card, entry.amount, entry.month, entry.at) == (card, Decimal("-29.00"), NOVEMBER, at(1, 0))
    assert Account.objects.get().balance == Decimal("-58.00")


@pytest.mark.parametrize(
    ("changes", "pays"),
    [
        ([("full_stop", at(5))], True),
        ([("full_stop", at(5, month=10))], False),
        ([("full_stop", at(5, month=10)), ("active", at(30, 23))], True),
        ([("full_stop", at(5, month=10)), ("active", at(1, month=12))], False),
        ([("half_stop", at(5, month=10))], True),
        ([("cancelled", at(1, 0, 1))], True),
        ([("cancelled", at(31, month=10))], False),
    ],
)
def test_a_month_with_a_day_in_service_is_charged_whole(changes, pays, price, now):
    card = CardFactory(plan=price.plan)
    state = "active"
    for to, when in changes:
        moved(card, to, when, state)
        state = to
    assert rate_month(month=NOVEMBER, actor=None, now=now).entries == int(pays)


def test_a_resumption_recorded_by_mistake_costs_nothing(price, now):
    """What was taken back never was in service."""
    card = CardFactory(plan=price.plan)
    moved(card, "full_stop", at(5, month=10))
    moved(card, "active", at(10), "full_stop")
    correct_state(card_id=card.pk, reason="another card", actor=None, now=now)
    assert rate_month(month=NOVEMBER, actor=None, now=now).entries == 0


def test_the_price_at_the_beginning_counts_and_a_new_card_pays_from_its_first_day(price, now):
    price.effective_to = date(2026, 11, 10)
    price.save()
    PlanPriceFactory(plan=price.plan, effective_from=date(2026, 11, 10), monthly_fee=Decimal("39.00"))
    CardFactory(plan=price.plan, activated_on=date(2026, 11, 12))
    CardFactory(plan=price.plan, activated_on=date(2026, 12, 1))
    rate_month(month=NOVEMBER, actor=None, now=now)
    entry = LedgerEntry.objects.get()
    assert (entry.amount, entry.at) == (Decimal("-29.00"), at(12, 0))
