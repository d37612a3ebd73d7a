"""MFA_ROLES: before their second factor is set up, these roles can do nothing, on no page and by no API."""

import pytest
from django.test import Client
from django.urls import reverse

from cardfleet.accounts.choices import Role
from tests.test_permissions import lines

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.FINANCE, Role.COMPLIANCE])
def test_without_it_nothing_opens(role, people, things, settings) -> None:
    settings.MFA_ROLES = ["admin", "finance", "compliance"]
    client, wrong, walked = Client(), [], 0
    client.force_login(people[role])
    for name, path, api, may_get, _marks in lines(things):
        answer = client.get(path) if may_get else client.post(path, {"reason": "mistake"})
        shut = answer.status_code == 403 if api else answer.status_code == 302
        told = answer.json()["code"] == "second_factor_due" if api and shut else shut
        if not told or (not api and answer["Location"] != reverse("mfa_activate_totp")):
            wrong.append((name, answer.status_code))
        walked += 1
    assert not wrong
    assert walked > 300
    assert client.get(reverse("admin:index"))["Location"] == reverse("mfa_activate_totp")


def test_the_others_are_not_asked(people, settings) -> None:
    settings.MFA_ROLES = ["admin", "finance", "compliance"]
    client = Client()
    client.force_login(people["supervisor"])
    assert client.get(reverse("accounts:profile")).status_code == 200
