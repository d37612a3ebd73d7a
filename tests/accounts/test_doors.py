"""The API's doors: each asks what a token is for, a session writes with its form token only, no log keeps a token."""

import logging

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from cardfleet.accounts.choices import Role
from cardfleet.accounts.services.access import issue_token
from cardfleet.kernel.api.permissions import HasRight
from tests.accounts.test_tokens import TEAMS, by
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.router import views

# Open to anybody: signing in, and how the API is used.
OPEN = {"TokenView", "SpectacularAPIView", "SpectacularSwaggerSplitView"}


def test_every_view_of_the_api_asks_what_a_token_is_for() -> None:
    """One without HasRight would let a token that only reads write."""
    kinds = {getattr(view, "cls", None) or getattr(view, "view_class", None) for view in views(get_resolver())}
    doors = [kind for kind in kinds if hasattr(kind, "permission_classes")]
    assert len(doors) > 40
    unasked = {door.__name__ for door in doors if not any(issubclass(one, HasRight) for one in door.permission_classes)}
    assert unasked <= OPEN


@pytest.mark.django_db
def test_a_session_writes_with_its_form_token_only(reference) -> None:
    """Another site's page sends the cookie along, and cannot know the token."""
    browser, absences = Client(enforce_csrf_checks=True), "/api/v1/absences/"
    browser.force_login(PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()))
    assert browser.get(TEAMS).status_code == 200
    asked = {"data": {}, "content_type": "application/json"}
    refused = browser.post(absences, **asked)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    browser.cookies["csrftoken"] = "t" * 32
    assert browser.post(absences, **asked, headers={"X-CSRFToken": "t" * 32}).json()["code"] == "bad_input"


@pytest.mark.django_db
def test_no_log_keeps_a_token(reference, caplog, capfd) -> None:
    caplog.set_level(logging.DEBUG)
    token, _expiry = issue_token(person=PersonFactory(role=Role.SUPERVISOR), now=timezone.now())
    by(token).get(TEAMS)
    by(f"{token[:-1]}x").get(TEAMS)
    out, err = capfd.readouterr()
    written = caplog.text + out + err
    assert TEAMS in written
    assert token[:15] not in written
