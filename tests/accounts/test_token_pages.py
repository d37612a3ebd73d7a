"""API tokens on their pages and in lists."""

import pytest
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import TokenTerms
from tests.accounts.tokens import CARDS, TOKENS, by, code_of, issue
from tests.factories.accounts import PASSWORD, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_cost_the_same_however_long(count: int, person, client, django_assert_num_queries) -> None:
    for _time in range(count):
        token, _terms = issue(person)
    api = by(token)
    api.get(TOKENS)
    with django_assert_num_queries(2):
        assert len(api.get(TOKENS).json()["results"]) == count
    client.force_login(PersonFactory(role=Role.ADMIN))
    client.get(reverse("accounts:tokens"))
    with django_assert_num_queries(5):
        assert len(client.get(reverse("accounts:tokens")).context["rows"]) == count


def test_on_the_page_a_fresh_sign_in_makes_a_token_shown_once(client, person) -> None:
    client.force_login(person)
    new = reverse("accounts:token-new")
    assert "reauthenticate" in client.get(new)["Location"]
    assert client.post(new, {"name": "script", "days": 5})["Location"] == new
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(new).status_code == 200
    wrong = client.post(new, {"name": "script", "days": 91, "networks": "10.0.0.300"})
    assert wrong.status_code == 422
    assert "10.0.0.0/24" in wrong.content.decode()
    made = client.post(new, {"name": "script", "days": 5, "areas": ["cards"], "networks": "10.0.0.0/24\n127.0.0.1"})
    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    token, terms = made.context["token"], TokenTerms.objects.get()
    assert (terms.areas, terms.networks, terms.writes) == (["cards"], ["10.0.0.0/24", "127.0.0.1/32"], False)
    assert by(token).get(CARDS).status_code == 200
    mine = client.get(reverse("accounts:my-tokens")).content.decode()
    assert "script" in mine
    assert token not in mine
    turned = client.post(reverse("accounts:token-renew", args=[terms.pk]))
    assert by(turned.context["token"]).get(CARDS).status_code == 200
    client.post(reverse("accounts:token-end", args=[terms.pk]))
    assert by(token).get(CARDS).status_code == 401


def test_a_form_offers_what_the_person_may_reach(client, person) -> None:
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    form = client.get(reverse("accounts:token-new")).context["form"]
    assert {area for area, _word in form.fields["areas"].choices} == {
        right.partition(".")[0] for right in person.get_all_permissions()
    }


def test_a_browsers_session_makes_no_token_through_the_api_without_a_fresh_sign_in(client, person) -> None:
    client.force_login(person)
    asked = {"data": {"name": "script"}, "content_type": "application/json"}
    assert code_of(client.post(TOKENS, **asked)) == (403, "fresh_sign_in_needed")
    assert not TokenTerms.objects.exists()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.post(TOKENS, **asked).status_code == 201
