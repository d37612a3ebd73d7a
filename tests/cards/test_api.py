"""Carriers, plans, contracts, registrants and carrier rules in the API."""

from datetime import date

import pytest
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cards.models import CarrierRule, RatePlan
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import (
    CarrierFactory,
    CarrierRuleFactory,
    ContractFactory,
    PlanPriceFactory,
    RatePlanFactory,
    RegistrantFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

CODE = "91110000600037341L"


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


def api(role: Role) -> APIClient:
    """Return a client signed in as somebody of a role."""
    client = APIClient()
    client.force_authenticate(PersonFactory(role=role, scope=TeamFactory()))
    return client


def test_carriers_are_listed_with_their_terms():
    """R97: terms differ by carrier and say whether they are established."""
    answer = api(Role.SUPERVISOR).get("/api/v1/carriers/", {"search": "移动"})
    (carrier,) = answer.json()["results"]
    assert (carrier["name"], carrier["hotline"], carrier["terms_illustrative"]) == ("中国移动", "10086", True)
    assert answer.json()["count"] == 1


def test_plans_carry_their_prices():
    """R68, R81, R48: what a plan costs, from when."""
    plan = RatePlanFactory()
    PlanPriceFactory(plan=plan, monthly_fee="99.00")
    answer = api(Role.AGENT).get("/api/v1/plans/", {"carrier": plan.carrier_id}).json()
    assert answer["results"][0]["id"] == plan.pk
    assert answer["results"][0]["prices"][0]["monthly_fee"] == "99.00"


@pytest.mark.parametrize("resource", ["carriers", "plans", "contracts", "registrants", "carrier-rules"])
def test_a_list_takes_a_fixed_number_of_statements(resource, django_assert_max_num_queries):
    client = api(Role.ADMIN)
    client.get(f"/api/v1/{resource}/")
    counts = []
    for _ in range(2):
        PlanPriceFactory()
        ContractFactory()
        RegistrantFactory()
        CarrierRuleFactory(carrier=CarrierFactory(), plan=RatePlanFactory())
        with django_assert_max_num_queries(12) as captured:
            assert client.get(f"/api/v1/{resource}/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("resource", "parameters"),
    [
        ("carriers", {"colour": "red"}),
        ("carriers", {"kind": "bank"}),
        ("plans", {"carrier": "0"}),
        ("contracts", {"ends_after": "31 February"}),
        ("registrants", {"id_number": CODE}),
        ("carrier-rules", {"in_force_on": "soon"}),
    ],
)
def test_unknown_filters_and_values_are_bad_input(resource, parameters):
    answer = api(Role.ADMIN).get(f"/api/v1/{resource}/", parameters)
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_input"


def test_id_numbers_are_never_answered():
    """R83: no ID number in the API, whoever asks."""
    registrant = RegistrantFactory(id_number=CODE, id_fingerprint="f" * 64)
    client = api(Role.ADMIN)
    for address in ("/api/v1/registrants/", f"/api/v1/registrants/{registrant.pk}/"):
        answer = client.get(address)
        assert CODE not in answer.content.decode()
    assert answer.json()["has_id_number"] is True


@pytest.mark.parametrize("resource", ["contracts", "registrants", "carrier-rules"])
def test_agents_see_no_office_data(resource):
    assert api(Role.AGENT).get(f"/api/v1/{resource}/").status_code == 403


def test_rules_in_force_on_a_day():
    ended = CarrierRuleFactory(kind="test", effective_to=date(2026, 6, 1))
    running = CarrierRuleFactory(kind="test", effective_from=date(2026, 6, 1))
    found = api(Role.SUPERVISOR).get("/api/v1/carrier-rules/", {"in_force_on": "2026-06-01", "kind": "test"}).json()
    assert [rule["id"] for rule in found["results"]] == [running.pk]
    assert ended.pk != running.pk


def test_administrator_writes_the_next_version():
    """R2, R21: a change is a new version with a start and a reason."""
    rule = CarrierRuleFactory()
    given = {"effective_from": "2026-12-01", "reason": "notice of the carrier", "limit": "150", "warn": "120"}
    answer = api(Role.ADMIN).post(f"/api/v1/carrier-rules/{rule.pk}/versions/", given)
    assert answer.status_code == 201
    assert (answer.json()["version"], answer.json()["limit"]) == (2, "150.000")
    rule.refresh_from_db()
    assert rule.effective_to == date(2026, 12, 1)
    refused = api(Role.ADMIN).post(
        f"/api/v1/carrier-rules/{rule.pk}/versions/", {**given, "effective_from": "2026-11-30"}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "period_refused")
    assert "2026-12-01" in refused.json()["details"][0]["clears"]


def test_administrator_ends_and_confirms():
    rule = CarrierRuleFactory()
    client = api(Role.ADMIN)
    confirmed = client.post(
        f"/api/v1/carrier-rules/{rule.pk}/confirm/", {"source": "HT-1 §4", "confidence": "contract"}
    )
    assert confirmed.json()["is_illustrative"] is False
    ended = client.post(f"/api/v1/carrier-rules/{rule.pk}/end/", {"effective_to": "2026-12-01", "reason": "r"})
    assert ended.json()["effective_to"] == "2026-12-01"


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.FINANCE, Role.COMPLIANCE, Role.AGENT])
@pytest.mark.parametrize("deed", ["versions", "end", "confirm"])
def test_others_do_not_write_rules(role, deed):
    rule = CarrierRuleFactory()
    client, before = api(role), Entry.objects.count()
    assert client.post(f"/api/v1/carrier-rules/{rule.pk}/{deed}/", {}).status_code == 403
    assert CarrierRule.objects.filter(kind=rule.kind, lineage=rule.lineage).count() == 1
    assert Entry.objects.count() == before


def test_nobody_writes_reference_data_through_the_api():
    assert api(Role.ADMIN).post("/api/v1/plans/", {"name": "x"}).status_code == 405
    assert not RatePlan.objects.exists()
