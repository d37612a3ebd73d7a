"""The administration of carrier rules: superseded, never edited; and what was found, only shown."""

from datetime import date

import pytest
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cards.models import CarrierRule
from lifecycle.models import Alert
from lifecycle.services.assessment import assess_suspension_risk
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CarrierFactory, RatePlanFactory
from tests.factories.lifecycle import AlertFactory, ComplaintFactory, UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

ADD = "admin:cards_carrierrule_add"
CHANGE = "admin:cards_carrierrule_change"
LIST = "admin:cards_carrierrule_changelist"


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def administrator(client):
    person = PersonFactory(role=Role.ADMIN, language="en")
    client.force_login(person)
    return person


def cap() -> CarrierRule:
    return CarrierRule.objects.get(kind="daily_out_calls", carrier=None, effective_to=None)


def values(**given) -> dict[str, str]:
    """Return what the page of a rule sends."""
    return {
        "kind": "daily_out_calls",
        "warn": "120",
        "limit": "150",
        "params": "{}",
        "severity": "high",
        "action": "block",
        "source": "合同 HT-1 第 5 条",
        "confidence": "contract",
        "effective_from": "2026-12-01",
        "reason": "运营商来函",
    } | given


def test_a_change_writes_the_next_version_from_its_day_on(client, administrator):
    """R2, R21: the present version stays as it is until then, and explains what it found."""
    before = cap()
    answer = client.post(reverse(CHANGE, args=[before.pk]), values())
    assert answer.status_code == 302
    before.refresh_from_db()
    after = CarrierRule.objects.get(lineage=before.lineage, version=2)
    assert (before.limit, before.effective_to) == (200, date(2026, 12, 1))
    assert (after.limit, after.effective_from, after.is_illustrative) == (150, date(2026, 12, 1), False)
    assert (after.unit, after.window) == ("calls", "day")
    entry = Entry.objects.get(action="cards.rule_version_written")
    assert (entry.actor, entry.reason) == (administrator, "运营商来函")


def test_a_version_begins_today_at_the_earliest(client, administrator):
    """R21: what was found until now stays explained by the rule it was found by."""
    answer = client.post(reverse(CHANGE, args=[cap().pk]), values(effective_from="2026-11-19"))
    assert answer.status_code == 200
    assert CarrierRule.objects.filter(kind="daily_out_calls").count() == 1


def test_an_older_version_is_only_shown(client, administrator):
    before = cap()
    client.post(reverse(CHANGE, args=[before.pk]), values())
    answer = client.post(reverse(CHANGE, args=[before.pk]), values(limit="90", effective_from="2026-12-05"))
    assert answer.status_code == 403
    assert CarrierRule.objects.filter(lineage=before.lineage).count() == 2


def test_a_rule_for_one_carrier_wins_over_the_general_one(client, administrator, now):
    """R2: per carrier, from the administration to the assessment."""
    carrier = CarrierFactory()
    answer = client.post(reverse(ADD), values(carrier=str(carrier.pk), effective_from="2026-11-20"))
    assert answer.status_code == 302
    card = UsageDailyFactory(card__carrier=carrier, calls=155, distinct_callees=10).card
    assess_suspension_risk(now=now)
    assert Alert.objects.get(card=card).rule == CarrierRule.objects.get(carrier=carrier)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "weather"}, "kind"),
        ({"kind": "call_window", "params": '{"allowed": ["09:00"]}'}, "params"),
        ({"params": "{"}, "params"),
        ({"reason": ""}, "reason"),
        ({"effective_from": "31.02.2026"}, "effective_from"),
    ],
)
def test_what_cannot_be_applied_is_refused_beside_its_field(client, administrator, given, field):
    """A rule whose values cannot be read would stop every assessment."""
    before = CarrierRule.objects.count()
    answer = client.post(reverse(ADD), values(**given))
    assert field in answer.context["adminform"].form.errors
    assert CarrierRule.objects.count() == before


def test_a_plan_of_another_carrier_is_refused(client, administrator):
    plan, carrier = RatePlanFactory(), CarrierFactory()
    answer = client.post(reverse(ADD), values(plan=str(plan.pk), carrier=str(carrier.pk)))
    assert "plan" in answer.context["adminform"].form.errors


def test_values_are_confirmed_by_naming_their_source(client, administrator):
    """R2: the badge goes with the contract that states the values, and no value changes."""
    rule = cap()
    url = reverse("admin:cards_carrierrule_confirm", args=[rule.pk])
    assert client.get(url).status_code == 200
    client.post(url, {"_form_submitted": "on", "source": "", "confidence": "contract"})
    rule.refresh_from_db()
    assert rule.is_illustrative
    client.post(url, {"_form_submitted": "on", "source": "合同 HT-1", "confidence": "contract"})
    rule.refresh_from_db()
    assert (rule.is_illustrative, rule.source, rule.limit) == (False, "合同 HT-1", 200)


def test_the_list_shows_what_is_in_force_with_its_badge(client, administrator):
    """Rows whose values are not established carry a visible badge (invariant 9)."""
    client.post(reverse(CHANGE, args=[cap().pk]), values())
    shown = client.get(reverse(LIST)).context["cl"].queryset
    assert shown.filter(kind="daily_out_calls").get().version == 1
    every = client.get(reverse(LIST), {"versions": "every"}).context["cl"].queryset
    assert every.filter(kind="daily_out_calls").count() == 2
    assert "Illustrative" in client.get(reverse(LIST)).content.decode()


@pytest.mark.parametrize("role", [Role.COMPLIANCE, Role.FINANCE])
def test_others_read_rules_and_change_none(client, role):
    """R12: only administrators decide what everybody is held to."""
    client.force_login(PersonFactory(role=role))
    rule = cap()
    assert client.get(reverse(CHANGE, args=[rule.pk])).status_code == 200
    assert client.post(reverse(CHANGE, args=[rule.pk]), values()).status_code == 403
    assert client.post(reverse(ADD), values()).status_code == 403
    url = reverse("admin:cards_carrierrule_confirm", args=[rule.pk])
    assert client.post(url, {"_form_submitted": "on", "source": "x", "confidence": "law"}).status_code == 403
    assert CarrierRule.objects.filter(kind="daily_out_calls").count() == 1


@pytest.mark.parametrize("model", ["alert", "finding", "riskassessment", "reminder", "complaint"])
def test_what_was_found_is_only_shown(client, administrator, model, now):
    """Refusal 14: evidence is neither edited nor deleted."""
    UsageDailyFactory(calls=210)
    AlertFactory()
    ComplaintFactory()
    assess_suspension_risk(now=now)
    assert client.get(reverse(f"admin:lifecycle_{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:lifecycle_{model}_add")).status_code == 403
