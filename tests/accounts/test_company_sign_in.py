"""The company's own sign-in (OpenID Connect) against a provider on loopback: who comes in, as what, who not."""

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import authenticate
from django.test import Client
from playwright.sync_api import expect

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import ScopeGrant, User
from cardfleet.accounts.services.access import deactivate, reactivate
from cardfleet.accounts.services.erasing import make_anonymous
from cardfleet.accounts.services.passwords import reset_password
from cardfleet.journal.models import Entry
from tests.accounts.company import AGAIN, LOGIN, THERE, code_of, configured, is_in, there_and_back
from tests.factories.accounts import PASSWORD, PersonFactory, ServiceAccountFactory, TeamFactory

ROLES = {"desk": Role.SUPERVISOR, "agents": Role.AGENT, "chiefs": Role.ADMIN}


def told_of_accounts():
    """Return what the journal says of people, the oldest first."""
    return Entry.objects.filter(action__startswith="accounts.").order_by("id")


@pytest.mark.django_db
def test_a_person_comes_in_by_staff_number_and_is_known_afterwards(company, client) -> None:
    person = PersonFactory(staff_no="s1")
    answer = there_and_back(client, f"{THERE}?next=/people/me/")
    assert (answer.status_code, answer["Location"]) == (302, "/people/me/")
    assert client.session["_auth_user_id"] == str(person.pk)
    asked = company.came[0]
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert {"openid", "profile", "email"} == set(asked["scope"].split())
    assert len(asked["nonce"]) > 40
    account = SocialAccount.objects.get()
    assert (account.user, account.provider, account.uid, account.extra_data) == (person, company.url, "u-1", {})
    assert list(told_of_accounts().values_list("action", flat=True)) == [
        "accounts.company_bound",
        "accounts.signed_in",
    ]
    company.claims = {"sub": "u-1", "email": "other@acme.example", "email_verified": True}
    later = Client()
    there_and_back(later)
    assert later.session["_auth_user_id"] == str(person.pk), "by what the provider calls them, whatever else it says"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"email": "Z@acme.example", "email_verified": True}, ""),
        ({"email": "z@acme.example", "email_verified": False}, "claims_refused"),
        ({"email": "z@acme.example", "email_verified": "true"}, "claims_refused"),
        ({"email": "z@acme.example"}, "claims_refused"),
        ({"email": "two@acme.example", "email_verified": True}, "nobody_here"),
        ({"email": "nobody@acme.example", "email_verified": True}, "nobody_here"),
        ({"employee_number": "P1"}, "nobody_here"),
        ({"employee_number": ["S1"]}, "claims_refused"),
        ({}, "claims_refused"),
    ],
)
def test_an_email_counts_where_it_is_verified_and_of_one_person(company, client, said, code) -> None:
    PersonFactory(email="z@acme.example", staff_no=None)
    PersonFactory(email="two@acme.example", staff_no=None)
    PersonFactory(email="two@acme.example", staff_no=None)
    ServiceAccountFactory(username="P1", staff_no="P1")
    company.claims = {"sub": "u-1", **said}
    answer = there_and_back(client)
    assert (code_of(answer), is_in(client)) == (code, not code)
    assert SocialAccount.objects.exists() == (not code)


@pytest.mark.django_db
def test_roles_and_teams_are_those_of_the_claims_at_each_sign_in(company, client, settings, reference) -> None:
    configured(settings, roles=ROLES, roles_claim="realm.roles", teams_claim="teams")
    acme = TeamFactory(name="Acme")
    one, two = TeamFactory(name="一组", parent=acme), TeamFactory(name="二组", parent=acme)
    TeamFactory(name="二组", parent=TeamFactory(name="Other"))
    person = PersonFactory(staff_no="S1", role=Role.FINANCE, scope=one)
    company.claims |= {"realm": {"roles": ["desk", "canteen"]}, "teams": ["Acme/二组", "nowhere"]}
    there_and_back(client)
    person = User.objects.get(pk=person.pk)
    assert (person.role_names, person.is_staff) == ({"supervisor"}, False)
    assert list(ScopeGrant.objects.filter(user=person).values_list("team", flat=True)) == [two.pk]
    assert list(told_of_accounts().values_list("action", "actor")) == [
        ("accounts.company_bound", None),
        ("accounts.roles_set", None),
        ("accounts.scope_withdrawn", None),
        ("accounts.scope_granted", None),
        ("accounts.signed_in", person.pk),
    ]
    there_and_back(Client())
    assert told_of_accounts().count() == 6, "the same again changes nothing"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"groups": ["canteen"]}, "no_role"),
        ({"groups": [{"name": "desk"}]}, "no_role"),
        ({"groups": 7}, "no_role"),
        ({}, "no_role"),
        ({"groups": "desk", "teams": ["二组"]}, "no_team"),
        ({"groups": "desk"}, "no_team"),
    ],
)
def test_who_is_given_no_role_or_no_team_stays_out_and_is_told_why(
    company, client, settings, reference, said, reason
) -> None:
    configured(settings, roles=ROLES, teams_claim="teams")
    for above in ("Acme", "Other"):
        TeamFactory(name="二组", parent=TeamFactory(name=above))
    person = PersonFactory(staff_no="S1", role=Role.FINANCE)
    company.claims |= said
    answer = there_and_back(client)
    assert (answer.status_code, code_of(answer), is_in(client)) == (403, "claims_refused", False)
    assert [one.code for one in answer.context["refusal"].reasons] == [reason]
    assert User.objects.get(pk=person.pk).role_names == {"finance"}, "nothing is half done"
    assert not told_of_accounts().exists()


@pytest.mark.django_db
def test_an_administrator_is_made_only_where_the_settings_say_so(company, client, settings, reference) -> None:
    person = PersonFactory(staff_no="S1", role=Role.AGENT)
    company.claims |= {"groups": ["admin", "chiefs"]}
    there_and_back(client)
    assert User.objects.get(pk=person.pk).role_names == {"agent"}, "no map: roles are CardFleet's matter"
    configured(settings, roles=ROLES)
    there_and_back(client)
    assert User.objects.get(pk=person.pk).role_names == {"admin"}
    owner = PersonFactory(staff_no="S2", is_superuser=True)
    company.claims = {"sub": "u-2", "employee_number": "S2", "groups": ["agents"]}
    there_and_back(client)
    assert User.objects.get(pk=owner.pk).role_names == set(), "owners of the installation keep what they have"


@pytest.mark.django_db
def test_leavers_and_the_erased_stay_out_and_who_returns_is_bound_anew(company, client, now) -> None:
    """R76: who left does not come in by the provider either."""
    person = PersonFactory(staff_no="S1")
    there_and_back(client)
    deactivate(person=person, actor=None, now=now)
    assert not client.get("/people/me/").wsgi_request.user.is_authenticated
    assert code_of(there_and_back(client)) == "access_over"
    assert not SocialAccount.objects.exists()
    reactivate(person=person, actor=None, now=now)
    company.claims["sub"] = "u-9"
    there_and_back(client)
    assert is_in(client)
    make_anonymous(person=person, reason="asked", actor=None, now=now)
    assert not SocialAccount.objects.exists()
    assert code_of(there_and_back(Client())) == "nobody_here"


@pytest.mark.django_db
def test_another_account_of_the_provider_is_nobody_whom_one_is_bound_to(company, client) -> None:
    PersonFactory(staff_no="S1")
    there_and_back(Client())
    company.claims["sub"] = "u-2"
    assert code_of(there_and_back(client)) == "bound_to_another"
    assert not is_in(client)


@pytest.mark.django_db
def test_a_one_time_password_ends_when_somebody_comes_without_it(company, client, now) -> None:
    person = PersonFactory(staff_no="S1")
    password = reset_password(person=person, actor=None, now=now)
    there_and_back(client)
    assert client.get("/people/me/").status_code == 200, "nothing has to be changed first"
    assert authenticate(None, username="S1", password=password) is None


@pytest.mark.django_db
def test_passwords_may_be_switched_off_for_who_came_by_the_provider(company, client, settings) -> None:
    PersonFactory(staff_no="S1")
    other = PersonFactory(staff_no="S2")
    there_and_back(client)
    assert authenticate(None, username="S1", password=PASSWORD)
    configured(settings, passwords=False)
    assert authenticate(None, username="S1", password=PASSWORD) is None
    assert authenticate(None, username="S2", password=PASSWORD) == other


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "counts"),
    [({"amr": ["pwd", "otp"]}, True), ({"acr": "gold"}, True), ({"amr": ["pwd"]}, False), ({}, False)],
)
def test_a_second_factor_there_counts_where_the_settings_take_the_providers_word(
    company, settings, reference, said, counts
) -> None:
    settings.MFA_ROLES = ["finance"]
    configured(settings, second_factors=frozenset({"otp", "gold"}))
    person = PersonFactory(staff_no="S1", role=Role.FINANCE)
    company.claims |= said
    first = Client()
    there_and_back(first)
    assert first.get("/people/me/").status_code == (200 if counts else 302)
    TOTP.activate(person, generate_totp_secret())
    later = Client()
    answer = there_and_back(later)
    assert is_in(later) == counts
    assert answer["Location"].startswith("/" if counts else "/account/2fa/authenticate/")


@pytest.mark.django_db
def test_a_fresh_sign_in_is_asked_of_the_provider_and_proven_by_its_time(company, client) -> None:
    """Coming by a session that the provider had kept is not fresh, and neither is an old proof."""
    PersonFactory(staff_no="S1")
    company.claims["auth_time"] = int(time.time())
    there_and_back(client)
    asked = client.get("/people/me/tokens/new/")["Location"]
    assert asked == f"{AGAIN}?next=%2Fpeople%2Fme%2Ftokens%2Fnew%2F"
    company.claims["auth_time"] = int(time.time()) - 3600
    assert code_of(there_and_back(client, asked)) == "sign_in_not_fresh"
    del company.claims["auth_time"]
    assert code_of(there_and_back(client, asked)) == "sign_in_not_fresh"
    company.claims["auth_time"] = int(time.time())
    assert there_and_back(client, asked)["Location"] == "/people/me/tokens/new/"
    assert (company.came[-1]["prompt"], company.came[-1]["max_age"]) == ("login", "0")
    assert client.get("/people/me/tokens/new/").status_code == 200


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1280, "light"), (1280, "dark")])
def test_the_way_in_by_browser(company, live, transactional_db, width: int, theme: str) -> None:
    PersonFactory(staff_no="S1", name="张三")
    with live.page(width=width, color_scheme=theme) as page:
        page.goto(LOGIN)
        live.screenshot(page, f"sign-in-{width}-{theme}")
        company.denies = True
        page.get_by_role("link", name="通过 Acme 登录").click()
        expect(page.get_by_role("alert")).to_contain_text("您未在那里完成登录")
        live.screenshot(page, f"company-refused-{width}-{theme}")
        company.denies = False
        page.get_by_role("link", name="重试").click()
        page.goto("/people/me/sessions/")
        expect(page.get_by_text("本机")).to_be_visible()
        live.screenshot(page, f"sessions-{width}-{theme}")
