"""People, service accounts and what is lent, over the API; nobody is let in by a token that is for less."""

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User
from cardfleet.accounts.rules import Terms
from cardfleet.accounts.services.access import issue_token
from tests.factories.accounts import PersonFactory, ServiceAccountFactory, TeamFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
V1 = "/api/v1/"


@pytest.fixture
def admin():
    return PersonFactory(role=Role.ADMIN)


@pytest.fixture
def api(admin):
    client = APIClient(headers={"accept-language": "en"})
    client.force_authenticate(admin)
    return client


def narrow(admin):
    """Return a client with a token that may write, about people alone."""
    terms = Terms(writes=True, areas=frozenset({"accounts"}))
    token, _expiry = issue_token(person=admin, name="people", terms=terms, now=timezone.now())
    return APIClient(headers={"accept-language": "en", "authorization": f"Token {token}"})


def test_somebody_is_invited_let_go_and_let_back_in(api):
    body = {"role": "supervisor", "name": "Wu", "staff_no": "S7", "team": TeamFactory().pk}
    made = api.post(f"{V1}people/", body)
    assert made.status_code == 201, made.json()
    person = User.objects.get(pk=made.json()["person"]["id"])
    assert person.check_password(made.json()["password"])
    address = f"{V1}people/{person.pk}/"
    assert api.get(address).json()["roles"] == ["supervisor"]
    assert api.post(f"{address}password/").json()["password"]
    assert api.post(f"{address}sign-out/").json() == {"sessions": 0}
    assert api.post(f"{address}leave/", {"reason": "moved"}).json()["is_active"] is False
    assert api.post(f"{address}leave/").status_code == 409
    assert api.post(f"{address}return/").json()["person"]["is_active"] is True
    assert api.post(f"{V1}people/", {**body, "role": "agent"}).status_code == 400


def test_a_token_for_less_lets_nobody_in(admin):
    client, person = narrow(admin), PersonFactory()
    for address in ("people/", f"people/{person.pk}/password/", f"people/{person.pk}/return/", "service-accounts/"):
        answer = client.post(f"{V1}{address}", {})
        assert (answer.status_code, answer.json()["code"]) == (403, "token_too_narrow"), address
    assert client.get(f"{V1}people/").status_code == 200


def test_a_program_gets_an_account_a_token_and_another_owner(api, admin):
    owner = PersonFactory(role=Role.SUPERVISOR)
    body = {"name": "CRM", "username": "crm-sync", "role": "supervisor", "owner": owner.pk}
    body["scopes"] = [TeamFactory().pk]
    made = api.post(f"{V1}service-accounts/", body)
    assert made.status_code == 201, made.json()
    address = f"{V1}service-accounts/{made.json()['id']}/"
    assert api.post(f"{address}owner/", {"owner": admin.pk}).json()["owner"] == admin.pk
    assert api.post(f"{address}tokens/", {"name": "sync", "days": 5}).json()["token"]


def test_a_token_makes_none_that_is_for_more(admin):
    account = ServiceAccountFactory(owner=admin)
    answer = narrow(admin).post(f"{V1}service-accounts/{account.pk}/tokens/", {"name": "all", "writes": True})
    assert (answer.status_code, answer.json()["code"]) == (400, "token_refused")


def test_what_one_sees_is_lent_and_taken_back():
    team = TeamFactory()
    giver, receiver = PersonFactory(role=Role.SUPERVISOR, scope=team), PersonFactory(role=Role.SUPERVISOR)
    client = APIClient(headers={"accept-language": "en"})
    client.force_authenticate(giver)
    body = {"receiver": receiver.pk, "team": team.pk, "first": "2030-01-07", "last": "2030-01-09", "reason": "Leave"}
    lent = client.post(f"{V1}delegations/", body)
    assert lent.status_code == 201, lent.json()
    assert lent.json()["giver"] == giver.pk
    assert client.post(f"{V1}delegations/{lent.json()['id']}/end/").json()["revoked_at"]
