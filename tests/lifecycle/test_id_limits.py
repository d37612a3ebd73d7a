"""How many cards an ID may have: counted over the whole register (R85)."""

import pytest

from cards.choices import RegistrantKind, ServiceState
from lifecycle.models import Finding
from lifecycle.selectors.facts import inputs_of
from lifecycle.services.assessment import assess_suspension_risk
from tests.factories.accounts import TeamFactory
from tests.factories.cards import CardFactory, CarrierFactory, RegistrantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def owner():
    return RegistrantFactory(kind=RegistrantKind.PERSON)


def found(card) -> dict[str, tuple[int, str]]:
    findings = Finding.objects.filter(card=card, kind__in=["id_card_count", "id_card_total"])
    return {finding.kind: (int(finding.value), finding.severity) for finding in findings}


def test_more_cards_on_an_id_than_allowed_are_found(owner, now):
    """R85, X17: five with one carrier are its limit, ten over all; each card of the person says so."""
    carriers = CarrierFactory.create_batch(2)
    cards = [CardFactory(registrant=owner, carrier=carrier) for carrier in carriers for _number in range(5)]
    assess_suspension_risk(now=now)
    for card in cards:
        assert found(card) == {"id_card_count": (5, "high"), "id_card_total": (10, "warn")}


def test_cards_of_every_team_count(owner, now):
    """X17: splitting over teams and carriers gains nothing, and one card assessed alone knows the others."""
    cards = [CardFactory(registrant=owner, team=TeamFactory()) for _number in range(8)]
    assess_suspension_risk(now=now, card_ids=[cards[0].pk])
    assert found(cards[0]) == {"id_card_total": (8, "info")}
    assert not found(cards[1])


def test_fewer_cards_ended_numbers_and_other_people_do_not_count(owner, now):
    carrier = CarrierFactory()
    card, *_others = CardFactory.create_batch(3, registrant=owner, carrier=carrier)
    CardFactory.create_batch(2, registrant=owner, carrier=carrier, service_state=ServiceState.CANCELLED)
    CardFactory.create_batch(6, registrant=RegistrantFactory(kind=RegistrantKind.PERSON), carrier=carrier)
    known = inputs_of([card.pk], now=now)[card.pk]
    assert (known.cards_on_id_here, known.cards_on_id) == (3, 3)
    assess_suspension_risk(now=now)
    assert found(card) == {}


def test_a_company_has_its_cards_by_contract(now):
    company = RegistrantFactory(kind=RegistrantKind.COMPANY)
    card, *_others = CardFactory.create_batch(11, registrant=company, carrier=CarrierFactory())
    assess_suspension_risk(now=now)
    assert found(card) == {}
