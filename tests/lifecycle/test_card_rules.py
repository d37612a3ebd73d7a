"""The rules of a card as its page shows them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cards.models import Card, DeviceUse
from lifecycle.selectors.card_rules import card_rules
from lifecycle.selectors.facts import facts_of, ground_at, inputs_of
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CardFactory, CarrierRuleFactory, ContractFactory
from tests.factories.lifecycle import UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def test_the_most_specific_rule_holds_and_names_those_it_goes_before(now):
    """R1, R2: a card's own limit before its carrier's, its contract's before both but its own."""
    contract = ContractFactory(daily_call_limit=90)
    card = CardFactory(carrier=contract.carrier, contract=contract)
    UsageDailyFactory(card=card, calls=95)
    CarrierRuleFactory(carrier=card.carrier, warn=100, limit=120)

    def of_calls():
        known = card_rules(card, now=now)
        return next(line for line in (*known.hit, *known.quiet) if line.kind.code == "daily_out_calls")

    line = of_calls()
    assert (line.terms.limit, line.found.is_reached) == (90, True)
    assert contract.number in str(line.choice.why)
    CarrierRuleFactory(card=card, warn=150, limit=180)
    line = of_calls()
    assert (line.terms.limit, line.found, line.terms.scope.card) == (180, None, card.pk)
    assert [rule.limit for rule in line.beaten] == [120, 200]


def test_the_part_of_the_card_page(client, now):
    """R2, R12: compliance may decide where a rule asks for an approval."""
    client.force_login(PersonFactory(role=Role.COMPLIANCE))
    quiet, banned = CardFactory(), CardFactory(industry="贷款", real_name_state="invalid")
    answers = [client.get(reverse("lifecycle:card-rules", args=[card.pk])) for card in (quiet, banned)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [b'name="decision"' in answer.content for answer in answers] == [False, True]
    rule = next(line.terms.rule_id for line in answers[1].context["rules"].hit if line.kind.code == "industry_ban")
    decided = {"rule": rule, "decision": "approve", "note": "letter"}
    assert client.post(reverse("lifecycle:approval", args=[banned.pk]), decided).status_code == 302
    assert client.post(reverse("lifecycle:approval", args=[banned.pk]), decided | {"note": ""}).status_code == 400


def test_the_database_remembers_phones(now):
    """R26, R33, R37: each change of phone is kept, whoever writes it, and counted within its window."""
    first, second = CardFactory(device_imei="490154203237518", created_at=now), CardFactory()
    for days, imei in ((40, "356938035643809"), (5, "352099001761481"), (1, "490154203237518")):
        Card.objects.filter(pk=first.pk).update(device_imei=imei, updated_at=now - timedelta(days=days))
    Card.objects.filter(pk=second.pk).update(device_imei="490154203237518", updated_at=now)
    assert DeviceUse.objects.filter(card=first).count() == 4
    assert DeviceUse.objects.filter(card=first, until=None).get().imei == "490154203237518"
    facts = facts_of(inputs_of([first.pk], now=now)[first.pk], ground_at(now))
    assert (facts.imei_changes_7d, facts.imei_changes_30d, facts.sims_in_device_today) == (2, 2, 2)
