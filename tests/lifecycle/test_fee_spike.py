"""A month that costs many times the mean of the three before, through the ledger (电信条例, article 33)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from billing.choices import EntryKind
from billing.services.ledger import post
from billing.services.ledger import reverse as reverse_entry
from cardfleet.accounts.choices import Role
from cards.models import Card
from lifecycle.choices import AlertKind
from lifecycle.models import Alert, Finding
from lifecycle.services.arrears import check_arrears
from lifecycle.services.assessment import assess_suspension_risk
from tests.factories.accounts import PersonFactory
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
BEFORE = {8: 10, 9: 20, 10: 30}  # a mean of 20


def charged(now, costs: dict[int, int | str]) -> Card:
    """A card with fees by month of 2026, CNY, and money enough."""
    card = CardFactory()
    account = AccountFactory(carrier=card.carrier, cards=[card])
    known = {"account": account, "actor": None, "now": now}
    post(kind=EntryKind.OPENING, amount=Decimal(5000), **known)
    for month, cost in costs.items():
        first = date(2026, month, 1)
        post(kind=EntryKind.MONTHLY_FEE, amount=-Decimal(cost), month=first, card=card, **known)
    return card


@pytest.mark.parametrize(
    ("costs", "value", "is_reached"),
    [
        ({**BEFORE, 11: 59}, None, False),  # 2.95 times
        ({**BEFORE, 11: 98}, "4.9", False),
        ({**BEFORE, 11: "99.99"}, "4.9", False),
        ({**BEFORE, 11: 100}, "5.0", True),
        ({**BEFORE, 11: 300}, "15.0", True),
        ({11: 300}, None, False),
        ({10: 20, 11: 300}, None, False),
        ({9: 20, 10: 40, 11: 300}, None, False),
        ({7: 60, 9: 20, 10: 40, 11: 300}, None, False),  # July is none of the three
        ({8: "0.50", 9: "0.50", 10: "0.50", 11: 30}, None, False),  # a mean of next to nothing
    ],
)
def test_the_month_is_held_against_the_mean_of_three(costs, value, is_reached, now):
    """R30: warned of from three times on, alerted at five and not a fen before; without three months nothing."""
    card = charged(now, costs)
    assess_suspension_risk(now=now)
    assert check_arrears(now=now).spikes == is_reached
    found = Finding.objects.filter(card=card, kind="fee_spike").first()
    assert (str(found.value.normalize()) if found else None) == (value and str(Decimal(value).normalize()))
    if found:
        assert (found.value >= found.limit) == is_reached
        assert found.params["mean"] == "20.00"
    alerts = Alert.objects.filter(card=card, kind=AlertKind.FEE_SPIKE)
    assert alerts.exists() == is_reached
    assert not Alert.objects.filter(card=card).exclude(kind=AlertKind.FEE_SPIKE).exists()


def test_the_alert_leads_to_the_ledger_and_is_one_until_its_cause_is_gone(client, now):
    """R30: a second run writes nothing; a correction closes it; finance goes on to the card's entries."""
    card = charged(now, {**BEFORE, 11: 20})
    account = card.paid_by.get().account
    known = {"actor": None, "now": now}
    wrong = post(account=account, card=card, kind=EntryKind.PENALTY, amount=Decimal(-90), **known)
    check_arrears(now=now)
    alert = Alert.objects.get(card=card)
    assert (alert.kind, alert.params["fees"], alert.rule.kind) == (AlertKind.FEE_SPIKE, "110.00", "fee_spike")
    assert not check_arrears(now=now).alerts.news
    client.force_login(PersonFactory(role=Role.FINANCE))
    page = client.get(reverse("lifecycle:alerts"), {"kind": AlertKind.FEE_SPIKE})
    ledger = f"{reverse('billing:ledger')}?card={card.pk}"
    assert ledger in page.content.decode()
    assert "90.00" in client.get(ledger).content.decode()
    reverse_entry(entry=wrong, note="not ours", **known)
    assert check_arrears(now=now + timedelta(hours=1)).alerts.closed == 1
