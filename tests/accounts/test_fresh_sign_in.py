"""What asks for a fresh sign-in: secrets, ID numbers, files about a person, erasure, roles, tokens, webhooks."""

import pytest
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from cardfleet.journal.models import Entry
from cardfleet.webhooks.models import Webhook
from tests.factories.accounts import sign_in_freshly

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

# Who asks, the route, what fills it; and whether the page itself asks, or what is posted to it.
PAGES = {
    "a secret of a card": ("supervisor", "lifecycle:reveal", "card pin1", True),
    "another secret of a card": ("supervisor", "lifecycle:secret-change", "card pin1", True),
    "a copy of an ID card": ("compliance", "lifecycle:id-copy", "registrant id_copy", True),
    "an evidence pack": ("compliance", "lifecycle:pack", "", False),
    "all that is kept of a person": ("compliance", "lifecycle:matter-deed", "matter answer", False),
    "an erasure": ("compliance", "lifecycle:erase", "person", True),
    "somebody invited with a role": ("admin", "accounts:invite", "", True),
    "somebody made with roles": ("admin", "admin:accounts_user_add", "", True),
    "somebody's roles": ("admin", "admin:accounts_user_change", "person", True),
    "a scope": ("admin", "admin:accounts_scopegrant_add", "", True),
    "a service account": ("admin", "accounts:services", "", False),
    "who answers for a service account": ("admin", "accounts:service-owner", "service", False),
    "somebody's access restored": ("admin", "accounts:reactivate", "person", False),
    "sight lent to another": ("supervisor", "accounts:delegations", "", False),
    "one-time codes set up": ("agent", "mfa_activate_totp", "", True),
    "a token": ("agent", "accounts:token-new", "", True),
    "a service account's token": ("supervisor", "accounts:service-token", "service", True),
    "a token renewed": ("agent", "accounts:token-renew", "token", True),
    "a webhook": ("admin", "admin:webhooks_webhook_add", "", True),
    "a webhook's secret": ("admin", "admin:webhooks_webhook_change", "webhook", True),
}
API = {
    "a token": ("agent", "api:token-list", ""),
    "a token renewed": ("agent", "api:token-renew", "token"),
    "a webhook": ("admin", "api:webhook-list", ""),
    "a webhook's secret": ("admin", "api:webhook-renew", "webhook"),
    "an evidence pack": ("compliance", "api:evidencepack-list", ""),
    "somebody's access restored": ("admin", "api:person-return", "person"),
    "sight lent to another": ("supervisor", "api:delegation-list", ""),
}


def asks(answer) -> bool:
    """Tell whether an answer leads to the fresh sign-in."""
    return answer.status_code == 302 and answer["Location"].startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize("deed", PAGES)
def test_a_page_asks_who_signed_in_long_ago_and_lets_in_who_just_did(deed, people, things) -> None:
    role, name, needs, on_get = PAGES[deed]
    path = reverse(name, args=[things.get(word, word) for word in needs.split()])
    stale, fresh, before = Client(), Client(), Entry.objects.count()
    stale.force_login(people[role])
    assert asks(stale.get(path)) == on_get
    posted = stale.post(path, {"reason": "mistake"})
    assert asks(posted) or (posted.status_code == 302 and posted["Location"] == path), "kept on the page's own question"
    assert Entry.objects.count() == before
    sign_in_freshly(fresh, people[role])
    assert not asks(fresh.get(path))
    assert not asks(fresh.post(path, {"reason": "mistake"}))


@pytest.mark.parametrize("deed", API)
def test_the_api_asks_a_browsers_session_the_same(deed, people, things) -> None:
    role, name, needs = API[deed]
    path = reverse(name, args=[things[word] for word in needs.split()])
    client, tokens, webhooks = Client(), AuthToken.objects.count(), Webhook.objects.count()
    client.force_login(people[role])
    refused = client.post(path, {}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "fresh_sign_in_needed")
    assert (AuthToken.objects.count(), Webhook.objects.count()) == (tokens, webhooks)
    sign_in_freshly(client, people[role])
    assert client.post(path, {}, content_type="application/json").status_code != 403


@pytest.mark.parametrize(
    ("role", "name", "needs", "status"),
    [
        ("other_supervisor", "accounts:reactivate", "person", 404),
        ("compliance", "accounts:delegations", "", 403),
        ("admin", "accounts:service-owner", "person", 404),
        ("other_supervisor", "api:person-return", "person", 404),
        ("compliance", "api:delegation-list", "", 403),
        ("admin", "api:webhook-renew", "999", 404),
    ],
)
def test_who_may_not_is_refused_before_being_asked(role, name, needs, status, people, things) -> None:
    """R12: the right and the scope come first, so nobody signs in anew for what is refused after it."""
    client = Client()
    client.force_login(people[role])
    path = reverse(name, args=[things.get(word, word) for word in needs.split()])
    assert client.post(path, {"reason": "mistake"}).status_code == status


def test_who_only_looks_at_a_webhook_is_not_asked(people, things) -> None:
    client = Client()
    client.force_login(people["compliance"])
    assert client.get(reverse("admin:webhooks_webhook_change", args=[things["webhook"]])).status_code == 200


def test_a_fresh_sign_in_lasts_five_minutes(people, time_machine) -> None:
    client, page = Client(), reverse("accounts:token-new")
    time_machine.move_to("2026-11-20T10:00:00+08:00", tick=False)
    sign_in_freshly(client, people["agent"])
    time_machine.move_to("2026-11-20T10:04:59+08:00", tick=False)
    assert client.get(page).status_code == 200
    time_machine.move_to("2026-11-20T10:05:01+08:00", tick=False)
    assert asks(client.get(page))


def test_who_has_neither_password_nor_code_is_not_fresh_for_that(people) -> None:
    """Somebody who came by the company's own sign-in proves anew there, and has no free pass here."""
    client, person = Client(), people["agent"]
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    assert client.get(reverse("accounts:token-new")).status_code == 302
