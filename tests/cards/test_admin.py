"""The administration of reference data goes through the services; states and history are only shown."""

from datetime import date

import pytest
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cards.choices import Axis
from cards.models import Carrier, Contract, RatePlan, Registrant
from tests.factories.accounts import PersonFactory
from tests.factories.cards import (
    CardFactory,
    CarrierFactory,
    ContractFactory,
    PlanPriceFactory,
    RatePlanFactory,
    RegistrantFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

CODE = "91110000600037341L"


@pytest.fixture
def administrator(client):
    person = PersonFactory(role=Role.ADMIN)
    client.force_login(person)
    return person


def address(model: str, *pk: int) -> str:
    """Return the address of a change page, or of the page that adds."""
    return reverse(f"admin:cards_{model}_change", args=pk) if pk else reverse(f"admin:cards_{model}_add")


def carrier_values(**given) -> dict[str, str]:
    """Return what the carrier's page sends."""
    return {
        "code": "cmcc2",
        "name": "移动二",
        "aliases": "移动B\n\n 动感 ",
        "kind": "mno",
        "document_checklist": "身份证",
        "stop_below": "0",
        "stop_after_days": "0",
        "restore_hours": "48",
        "terminate_after_days": "60",
        "freeze_days": "90",
        "recycle_after_days": "90",
    } | given


def prices(*rows: dict[str, str], initial: int = 0) -> dict[str, str]:
    """Return what the price table of a plan's page sends."""
    sent = {
        "prices-TOTAL_FORMS": str(initial + len(rows)),
        "prices-INITIAL_FORMS": str(initial),
        "prices-MIN_NUM_FORMS": "0",
        "prices-MAX_NUM_FORMS": "1000",
    }
    plain = {"included_minutes": "0", "minute_price": "0.15", "rounding_s": "60", "sms_price": "0.1"}
    for index, row in enumerate(rows, start=initial):
        sent |= {f"prices-{index}-{name}": value for name, value in (plain | row).items()}
    return sent


def test_carrier_is_recorded_and_changed_through_the_service(client, administrator):
    assert client.post(address("carrier"), carrier_values()).status_code == 302
    carrier = Carrier.objects.get(code="cmcc2")
    assert (carrier.aliases, carrier.document_checklist) == (["移动B", "动感"], ["身份证"])
    client.post(address("carrier", carrier.pk), carrier_values(hotline="10086"))
    carrier.refresh_from_db()
    assert carrier.hotline == "10086"
    edited = Entry.objects.get(action="cards.carrier_edited")
    assert (edited.actor, edited.data) == (administrator, {"fields": ["hotline"]})


def test_refused_value_comes_back_with_the_form(client, administrator):
    page = client.post(address("carrier"), carrier_values(due_day="31"))
    assert page.status_code == 200
    assert page.context["adminform"].form.errors
    assert not Carrier.objects.filter(code="cmcc2").exists()


UNBOUND = {"lock_in_months": "0", "exit_penalty": "0", "exit_share": "0"}


def test_new_price_ends_the_one_before(client, administrator):
    """R81: prices by date in the plan's page; one that was in force cannot be rewritten."""
    carrier = CarrierFactory()
    plain = {"carrier": carrier.pk, "name": "畅打", "payment": "prepaid", "credit_limit": "0"}
    plain |= UNBOUND
    page = client.post(address("rateplan"), plain | prices({"effective_from": "2026-01-01", "monthly_fee": "99"}))
    assert page.status_code == 302
    plan = RatePlan.objects.get()
    first = plan.prices.get()
    rewritten = {"id": str(first.pk), "plan": str(plan.pk), "effective_from": "2026-01-01", "monthly_fee": "1"}
    added = {"plan": str(plan.pk), "effective_from": "2026-12-01", "monthly_fee": "79"}
    sent = prices(rewritten, added)
    sent["prices-INITIAL_FORMS"] = "1"
    assert client.post(address("rateplan", plan.pk), plain | sent).status_code == 302
    first.refresh_from_db()
    assert (first.monthly_fee, first.effective_to) == (99, date(2026, 12, 1))
    assert plan.prices.count() == 2


def test_price_on_a_taken_day_is_refused(client, administrator):
    plan = PlanPriceFactory().plan
    plain = {
        "carrier": plan.carrier_id,
        "name": plan.name,
        "payment": "prepaid",
        "credit_limit": "5",
        **UNBOUND,
    }
    page = client.post(
        address("rateplan", plan.pk),
        plain | prices({"plan": str(plan.pk), "effective_from": "2026-01-01", "monthly_fee": "1"}),
    )
    assert page.status_code == 200
    plan.refresh_from_db()
    assert (plan.credit_limit, plan.prices.count()) == (0, 1)


def test_contract_is_recorded(client, administrator):
    """R103: contract term and penalty."""
    sent = {
        "number": "HT-7",
        "carrier": CarrierFactory().pk,
        "starts_on": "2026-01-01",
        "ends_on": "2027-01-01",
        "renewal_months": "0",
        "notice": "0",
        "notice_unit": "days",
        "penalty_fixed": "100",
        "penalty_share": "0.3",
    }
    assert client.post(address("contract"), sent).status_code == 302
    assert Contract.objects.get().number == "HT-7"
    assert Entry.objects.filter(action="cards.contract_recorded").exists()


def test_id_number_is_written_and_never_shown(client, administrator):
    """R23, R83: masked in the list and the page, kept when the field is left empty."""
    sent = {"kind": "company", "name": "华星公司", "id_number": CODE}
    assert client.post(address("registrant"), sent).status_code == 302
    registrant = Registrant.objects.get()
    client.post(address("registrant", registrant.pk), {"kind": "company", "name": "华星科技公司", "id_number": ""})
    registrant.refresh_from_db()
    assert (registrant.name, registrant.id_number) == ("华星科技公司", CODE)
    for page in (reverse("admin:cards_registrant_changelist"), address("registrant", registrant.pk)):
        content = client.get(page).content.decode()
        assert CODE not in content
        assert "911*************1L"[:3] in content
    refused = client.post(address("registrant"), {**sent, "name": "x", "id_number": CODE[:-1] + "M"})
    assert refused.context["adminform"].form.errors


def test_states_of_a_card_are_shown_and_its_facts_corrected(client, administrator):
    card = CardFactory(plan=RatePlanFactory(), note="n")
    page = client.get(address("card", card.pk))
    assert page.status_code == 200
    fields = set(page.context["adminform"].form.fields)
    assert not fields & {"service_state", "stop_reason", "custody_state", "team", "holder", "iccid", "msisdn"}
    sent = {name: "" if value is None else value for name, value in page.context["adminform"].form.initial.items()} | {
        "location": "柜 B",
        "service_state": "frozen",
        "plan": "",
        "reverify_due_at_0": "",
        "reverify_due_at_1": "",
    }
    assert client.post(address("card", card.pk), sent).status_code == 302
    card.refresh_from_db()
    assert (card.location, card.service_state, card.plan) == ("柜 B", "active", None)
    assert Entry.objects.get(action="cards.card_edited").data == {"fields": ["location", "plan"]}


def test_history_is_only_shown(client, administrator):
    change = CardFactory().changes.get(axis=Axis.SERVICE)
    page = client.get(address("cardchange", change.pk))
    assert page.status_code == 200
    assert client.post(address("cardchange", change.pk), {"to_state": "frozen"}).status_code == 403
    assert client.get(address("cardchange")).status_code == 403


@pytest.mark.parametrize("model", ["card", "carrier", "contract", "rateplan", "registrant"])
def test_nothing_is_deleted(client, administrator, model):
    made = {
        "card": CardFactory,
        "carrier": CarrierFactory,
        "contract": ContractFactory,
        "rateplan": RatePlanFactory,
        "registrant": RegistrantFactory,
    }[model]()
    assert client.get(reverse(f"admin:cards_{model}_changelist")).status_code == 200
    assert client.post(reverse(f"admin:cards_{model}_delete", args=[made.pk]), {"post": "yes"}).status_code == 403
    made.refresh_from_db()
