"""Webhooks over the API and in the administration: the secret comes out once, or never."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cardfleet.webhooks.choices import DeliveryState
from cardfleet.webhooks.models import Attempt, Delivery, Webhook
from cardfleet.webhooks.rules.signing import key_of
from tests.factories.accounts import PersonFactory, sign_in_freshly
from tests.factories.webhooks import SECRET, delivery_of, webhook_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
HOOKS = "/api/v1/webhooks/"
NEW = {"name": "CRM", "address": "https://crm.example/in", "actions": ["cards.*"], "about": ["cards.card:7"]}
FORM = {"name": "CRM", "address": "https://crm.example/in", "actions": "cards.*\r\nagents.*", "is_active": "on"}


@pytest.fixture
def api() -> APIClient:
    client = APIClient()
    client.force_authenticate(PersonFactory(role=Role.ADMIN))
    return client


def test_a_webhook_over_the_api_tells_its_secret_once(api) -> None:
    made = api.post(HOOKS, NEW)
    assert (made.status_code, len(key_of(made.json()["secret"]))) == (201, 32)
    one = f"{HOOKS}{made.json()['id']}/"
    assert api.get(one).json() == {name: value for name, value in made.json().items() if name != "secret"}
    changed = api.patch(one, {"name": "ERP", "actions": ["*"], "is_active": False})
    assert (changed.json()["name"], changed.json()["is_active"], "secret" in changed.json()) == ("ERP", False, False)
    assert (changed.json()["about"], changed.json()["actions"]) == (NEW["about"], ["*"])
    renewed = api.post(f"{one}new-secret/", {"secret": SECRET}).json()
    assert (renewed["secret"], renewed["old_secret_until"] is not None) == (SECRET, True)
    assert SECRET not in api.get(HOOKS).text
    deeds = ["webhooks.webhook_created", "webhooks.webhook_changed", "webhooks.secret_renewed"]
    assert (
        list(
            Entry.objects.filter(subject=f"webhooks.webhook:{renewed['id']}")
            .order_by("pk")
            .values_list("action", flat=True)
        )
        == deeds
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"address": "http://10.0.0.7/"}, "address"),
        ({"actions": ["cards.flew_away"]}, "actions"),
        ({"actions": "cards.*"}, "actions"),
        ({"actions": []}, "actions"),
        ({"secret": "x"}, "secret"),
        ({"name": ""}, "name"),
    ],
)
def test_what_does_not_fit_names_the_field(wrong, field, api) -> None:
    answer = api.post(HOOKS, NEW | wrong)
    assert (answer.status_code, [one["field"] for one in answer.json()["details"]]) == (400, [field])
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_delivery_log_costs_the_same_however_long(count: int, api, now, django_assert_num_queries) -> None:
    webhook = webhook_of(actions=["accounts.team_renamed"])
    for _ in range(count):
        Attempt.objects.create(delivery=delivery_of(webhook), at=now, ok=False, status=503, ms=12, answer="busy")
    with django_assert_num_queries(3):
        results = api.get(f"{HOOKS}deliveries/", {"webhook": webhook.pk, "state": "pending"}).json()["results"]
    assert [one["subject"] for one in results] == ["cards.card:7"] * count
    assert results[0]["attempts"][0]["answer"] == "busy"


def test_an_event_is_sent_once_more_over_the_api(api) -> None:
    delivery = delivery_of()
    Delivery.objects.update(state=DeliveryState.FAILED)
    assert api.post(f"{HOOKS}deliveries/{delivery.pk}/replay/").json()["state"] == "pending"
    Webhook.objects.update(is_active=False)
    refused = api.post(f"{HOOKS}deliveries/{delivery.pk}/replay/")
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook_off")


@pytest.fixture
def admin(client: Client) -> Client:
    sign_in_freshly(client, PersonFactory(role=Role.ADMIN, language="en"))
    return client


def test_in_the_administration_the_secret_goes_in_and_never_comes_out(admin) -> None:
    admin.post("/admin/webhooks/webhook/add/", FORM | {"secret": SECRET})
    webhook = Webhook.objects.get()
    assert (webhook.actions, webhook.secret) == (["cards.*", "agents.*"], SECRET)
    url = f"/admin/webhooks/webhook/{webhook.pk}/change/"
    assert SECRET not in admin.get(url).text + admin.get("/admin/webhooks/webhook/").text
    admin.post(url, FORM | {"name": "ERP", "secret": ""})
    webhook.refresh_from_db()
    assert (webhook.name, webhook.secret, webhook.old_secret) == ("ERP", SECRET, "")
    admin.post(url, FORM | {"secret": "whsec_" + "A" * 40})
    webhook.refresh_from_db()
    assert (webhook.old_secret, webhook.secret) == (SECRET, "whsec_" + "A" * 40)
    assert "names a public server" in admin.post(url, FORM | {"address": "http://10.0.0.7/"}).text


def test_in_the_administration_an_event_is_looked_at_and_sent_once_more(admin, now) -> None:
    delivery = delivery_of()
    Attempt.objects.create(delivery=delivery, at=now, ok=False, status=503, ms=12, answer="too busy")
    Delivery.objects.update(state=DeliveryState.FAILED)
    url = f"/admin/webhooks/delivery/{delivery.pk}"
    page = admin.get(f"{url}/change/").text
    assert [said in page for said in ("too busy", "accounts.team_renamed", "cards.card:7")] == [True] * 3
    assert "cards.card:7" in admin.get("/admin/webhooks/delivery/").text
    admin.post(f"{url}/replay/", {"_form_submitted": "on"})
    assert Delivery.objects.get().state == DeliveryState.PENDING
    Webhook.objects.update(is_active=False)
    assert "switched off" in admin.post(f"{url}/replay/", {"_form_submitted": "on"}, follow=True).text
    admin.force_login(PersonFactory(role=Role.COMPLIANCE))
    assert admin.get(f"{url}/change/").status_code == 200
    assert admin.post(f"{url}/replay/", {"_form_submitted": "on"}).status_code == 403
