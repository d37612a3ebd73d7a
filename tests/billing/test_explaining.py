"""Why a call cost what it did: command, page and API say the same steps (R27, R68, R82)."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation
from rest_framework.test import APIClient

from billing.models import UsageRecord
from billing.selectors.charge_steps import steps_of
from billing.selectors.explaining import explain, find_call
from billing.services.rating import rate_month
from cardfleet.accounts.choices import Role
from tests.billing.conftest import generic
from tests.factories.accounts import PersonFactory
from tests.factories.billing import UsageSourceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def beyond(card, load, now):
    """A call of 70 seconds with half a minute of a bundle of two minutes left; the month is rated."""
    card.plan.prices.update(included_minutes=2, rounding_s=30)
    rows = [f"13812345678,2026-11-{day:02} 09:00:00,out,13900000001,{seconds}," for day, seconds in ((6, 70), (5, 90))]
    load(generic(*rows), source=UsageSourceFactory(slug="pbx", role="switch"))
    rate_month(month=date(2026, 11, 1), actor=None, now=now)
    return UsageRecord.objects.get(duration_s=70)


def test_each_step_from_the_price_to_the_ledger(beyond):
    """R82: 30 of 120 seconds are left, 90 are charged in steps of 30: 60 beyond cost 0.15, which is what was posted."""
    told = explain(beyond)
    assert told.counts
    assert not told.is_carriers
    assert (told.rated.billed_s, told.rated.left_s, told.rated.beyond_s, str(told.cost)) == (90, 30, 60, "0.15")
    assert [(entry.kind, str(entry.amount)) for entry in told.entries] == [("out_of_bundle", "-0.15")]
    with translation.override("en"):
        titles = [step.title for step in steps_of(told)]
    assert titles == ["Call", "Source", "Price in force", "Rounding", "Bundle", "Cost", "Who is charged", "Posted"]


def test_what_the_carrier_charged_is_told_as_the_carriers(card, load):
    load(generic("13812345678,2026-11-05 09:00:00,out,13900000001,90,0.44"))
    told = explain(UsageRecord.objects.get())
    assert (told.is_carriers, str(told.cost)) == (True, "0.44")
    assert [entry.kind for entry in told.entries] == ["usage"]


def test_a_card_without_a_plan_is_explained_as_well(card, load):
    card.plan_periods.all().delete()
    load(generic("13812345678,2026-11-05 09:00:00,out,13900000001,90,0.44"))
    assert explain(UsageRecord.objects.get()).plan is None


def test_the_command_finds_a_call_by_both_ids(card, load):
    """`manage.py explain_charge`: the id of the source's own file serves as well."""
    text = "msisdn,started_at,direction,counterpart,duration_s,fee,uid\n"
    load(text + "13812345678,2026-11-05 09:00:00,out,13900000001,90,0.44,A-17\n")
    stored = UsageRecord.objects.get().uid
    said = []
    for uid in ("A-17", str(stored)):
        out = io.StringIO()
        call_command("explain_charge", uid, card="13812345678", stdout=out)
        said.append(out.getvalue())
    assert said[0] == said[1]
    assert "0.44" in said[0]
    with pytest.raises(CommandError):
        call_command("explain_charge", "A-18")
    assert find_call(str(stored), UsageRecord.objects.all(), card_id=card.pk).uid == stored


def test_page_and_api_show_the_same_steps_in_scope_only(beyond, client):
    """R68: whoever sees the card sees why; another's call is as if it were not."""
    finance, stranger, api = PersonFactory(role=Role.FINANCE), PersonFactory(role=Role.AGENT), APIClient()
    client.force_login(finance)
    api.force_authenticate(finance)
    asked = {"uid": str(beyond.uid), "card": str(beyond.card_id)}
    page = client.get(reverse("billing:explain"), asked)
    told = api.get("/api/v1/usage/explain/", asked).json()
    assert page.status_code == 200
    assert [(step.title, step.text) for step in page.context["steps"]] == [(one["title"], one["text"]) for one in told]
    client.force_login(stranger)
    api.force_authenticate(stranger)
    assert client.get(reverse("billing:explain"), asked).status_code == 404
    assert api.get("/api/v1/usage/explain/", asked).status_code == 404
