"""Sources, voice lines and names, recorded through services and their administration."""

from datetime import timedelta

import pytest
from django.urls import reverse

from billing.errors import AliasTaken, RoleDiffers
from billing.models import Account, UsageAlias, UsageSource
from billing.services.sources import edit_source, end_alias, ensure_source, record_line, record_source, set_alias
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import BadInput
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory
from tests.factories.billing import UsageSourceFactory
from tests.factories.cards import CardFactory, CarrierFactory

pytestmark = pytest.mark.django_db


def test_a_source_is_made_on_first_use_and_keeps_its_role(now):
    first = ensure_source(slug="pbx", role="switch", actor=None, now=now)
    assert ensure_source(slug="pbx", role=None, actor=None, now=now) == first
    with pytest.raises(RoleDiffers):
        ensure_source(slug="pbx", role="carrier", actor=None, now=now)
    with pytest.raises(RoleDiffers):
        edit_source(source_id=first.pk, changes={"role": "carrier"}, actor=None, now=now)
    edit_source(source_id=first.pk, changes={"name": "Exchange"}, actor=None, now=now)
    assert list(Entry.objects.order_by("id").values_list("action", flat=True)) == [
        "billing.source_made",
        "billing.source_edited",
    ]


def test_facts_that_do_not_hold_are_refused(now):
    with pytest.raises(BadInput):
        record_source(facts={"slug": "not a slug", "name": "x", "role": "switch"}, actor=None, now=now)
    with pytest.raises(BadInput):
        record_line(facts={"name": ""}, actor=None, now=now)


def test_a_name_means_one_thing_at_a_time(now):
    facts = {"source": UsageSourceFactory(role="switch"), "alias": "100", "card": CardFactory(), "valid_from": now}
    first = set_alias(facts=facts, actor=None, now=now)
    other = {**facts, "card": None, "agent": AgentFactory(), "valid_from": now + timedelta(days=1)}
    with pytest.raises(AliasTaken):
        set_alias(facts=other, actor=None, now=now)
    end_alias(alias_id=first.pk, valid_to=now + timedelta(days=1), actor=None, now=now)
    set_alias(facts=other, actor=None, now=now)
    with pytest.raises(AliasTaken):
        end_alias(alias_id=first.pk, valid_to=None, actor=None, now=now)


@pytest.fixture
def admin(client, reference):
    person = PersonFactory(role=Role.ADMIN, is_staff=True)
    client.force_login(person)
    return person


def test_the_administration_goes_through_the_services(client, admin):
    carrier = CarrierFactory()
    given = {"slug": "pbx", "name": "Exchange", "role": "switch", "expected_within_days": "5"}
    client.post(reverse("admin:billing_usagesource_add"), given)
    assert UsageSource.objects.get().name == "Exchange"
    given = {"carrier": carrier.pk, "code": "G1", "payment": "postpaid", "credit_limit": "100.00"}
    client.post(reverse("admin:billing_account_add"), given)
    assert Account.objects.get().kind == "shared"
    assert set(Entry.objects.values_list("action", flat=True)) >= {"billing.source_made", "billing.accounts_opened"}


def test_a_refusal_comes_back_as_an_error_of_the_form(client, admin, now):
    source, card = UsageSourceFactory(role="switch"), CardFactory()
    set_alias(facts={"source": source, "alias": "1", "card": card, "valid_from": now}, actor=None, now=now)
    given = {
        "source": source.pk, "alias": "1", "card": card.pk, "valid_from_0": "2026-11-21", "valid_from_1": "10:00:00",
    }  # fmt: skip
    answer = client.post(reverse("admin:billing_usagealias_add"), given)
    assert answer.status_code == 200
    assert UsageAlias.objects.count() == 1


@pytest.mark.parametrize("model", ["ledgerentry", "balancereading", "usagebatch"])
def test_what_only_services_write_is_read_only(model, client, admin):
    assert client.get(reverse(f"admin:billing_{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:billing_{model}_add")).status_code == 403
