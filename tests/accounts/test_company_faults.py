"""What goes wrong at the company's own sign-in: faults of the provider, of its answers, of the settings."""

import time

import environ
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from cardfleet.accounts.choices import Role
from cardfleet.accounts.claims import CompanySignIn, read_claims
from cardfleet.company_sign_in import read
from tests.accounts import provider as loopback
from tests.accounts.company import AGAIN, LOGIN, THERE, code_of, is_in, there_and_back
from tests.factories.accounts import PersonFactory

SPOILT = {
    "another issuer": ({"iss": "https://evil.example"}, loopback.signed),
    "another audience": ({"aud": "other"}, loopback.signed),
    "for another among several": ({"aud": [loopback.CLIENT, "other"], "azp": "other"}, loopback.signed),
    "expired": ({"exp": int(time.time()) - 60}, loopback.signed),
    "of tomorrow": ({"iat": int(time.time()) + 86_400}, loopback.signed),
    "another nonce": ({"nonce": "n" * 43}, loopback.signed),
    "no nonce": ({"nonce": None}, loopback.signed),
    "no subject": ({"sub": None}, loopback.signed),
    "no expiry": ({"exp": None}, loopback.signed),
    "alg none": ({}, loopback.unsigned),
    "another key": ({}, loopback.signed_by_another),
    "the public key as a secret": ({}, loopback.signed_by_the_public_key),
    "a key that is not named": ({}, loopback.of_a_lost_key),
    "no token": ({}, lambda _claims: None),
    "rubbish": ({}, lambda _claims: "a.b.c"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("fault", SPOILT)
def test_what_cannot_be_proven_lets_nobody_in(company, client, fault) -> None:
    PersonFactory(staff_no="S1")
    said, company.sign = SPOILT[fault]
    company.claims |= said
    answer = there_and_back(client)
    assert (answer.status_code, code_of(answer)) == (403, "provider_answer_refused")
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [(503, "{}"), (200, "<html>maintenance</html>"), (200, "[]"), (200, "{")])
@pytest.mark.parametrize("place", ["/.well-known/openid-configuration", "/jwks", "/token"])
def test_a_provider_that_is_down_or_talks_nonsense_gives_a_clear_page(company, client, place, answer) -> None:
    PersonFactory(staff_no="S1")
    company.broken[place] = answer
    page = client.get(THERE) if place.endswith("configuration") else there_and_back(client)
    assert (page.status_code, code_of(page)) in {(503, "provider_unreachable"), (403, "provider_answer_refused")}
    assert LOGIN in page.content.decode()
    assert not is_in(client)


@pytest.mark.django_db
def test_a_provider_of_another_name_is_not_asked(company, client) -> None:
    company.metadata = {"issuer": "https://evil.example"}
    assert code_of(client.get(THERE)) == "provider_answer_refused"
    company.metadata = {"token_endpoint": None}
    assert code_of(client.get(THERE)) == "provider_answer_refused"


@pytest.mark.django_db
def test_the_way_back_is_of_this_browser_and_goes_once(company, client) -> None:
    PersonFactory(staff_no="S1")
    begun = client.get(THERE)
    back = requests.get(begun["Location"], allow_redirects=False, timeout=5).headers["Location"]
    assert code_of(Client().get(back)) == "sign_in_too_old", "a way back that somebody else was sent"
    assert client.get(back).status_code == 302
    assert code_of(client.get(back)) == "sign_in_too_old", "a second time"
    assert code_of(client.get("/account/company/callback/?code=x&state=y")) == "sign_in_too_old"
    company.denies = True
    assert code_of(there_and_back(Client())) == "provider_cancelled"


@pytest.mark.django_db
def test_without_a_provider_there_is_no_such_page(client) -> None:
    for path in (THERE, AGAIN, "/account/company/callback/", "/account/3rdparty/", "/account/sessions/"):
        assert client.get(path).status_code == 404, path
    assert THERE not in client.get(LOGIN).content.decode()


@pytest.mark.django_db
def test_what_the_provider_says_stays_out_of_logs(company, client, caplog, capfd) -> None:
    PersonFactory(staff_no="S1")
    company.claims |= {"email": "secret-person@acme.example", "aud": "other"}
    there_and_back(client)
    out, err = capfd.readouterr()
    written = caplog.text + out + err
    assert "provider_answer_refused" in written
    for secret in ("secret-person", loopback.SECRET, "code="):
        assert secret not in written


def test_the_environment_describes_it() -> None:
    given = {
        "OIDC_ISSUER": "https://sign-in.example/",
        "OIDC_CLIENT_ID": "c",
        "OIDC_CLIENT_SECRET": "s",
        "OIDC_ROLES": "desk=supervisor,money=finance",
        "OIDC_SECOND_FACTORS": "mfa,hwk",
        "OIDC_PASSWORDS": "false",
    }
    found = read(_env(given))
    assert found
    assert (found.issuer, found.name, found.passwords) == ("https://sign-in.example/", "sign-in.example", False)
    assert dict(found.roles) == {"desk": Role.SUPERVISOR, "money": Role.FINANCE}
    assert found.second_factors == {"mfa", "hwk"}
    assert read(_env({})) is None
    for wrong in ({"OIDC_ISSUER": "http://sign-in.example"}, {"OIDC_ROLES": "desk=boss"}):
        with pytest.raises(ImproperlyConfigured):
            read(_env({**given, **wrong}))


def _env(given: dict[str, str]) -> environ.Env:
    env = environ.Env()
    env.ENVIRON = given
    return env


def test_a_number_may_be_a_staff_number() -> None:
    sign_in = CompanySignIn(issuer="i", client_id="c", secret="s", name="n")
    for told, read_as in ((1017, "1017"), (" S1 ", "S1"), (True, ""), (1.5, ""), (None, "")):
        assert read_claims({"sub": "u", "employee_number": told}, sign_in)[0].staff_no == read_as
