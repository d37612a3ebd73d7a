"""Issue 7, "Bad input": another agent's things, one's own role, a page left open by somebody who may no longer."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cardfleet.accounts.errors import NotYourself, OutranksYou
from cardfleet.accounts.services.access import deactivate, issue_token
from cardfleet.accounts.services.people import set_roles
from cardfleet.files.services import store
from cardfleet.journal.models import Entry
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import (
    AgentFactory,
    AppraisalFactory,
    CardConfirmationFactory,
    CardRequestFactory,
    HandoverFactory,
    hand_over,
)
from tests.factories.cards import CardFactory
from tests.factories.desk import MatterFactory
from tests.factories.lifecycle import AlertFactory, CustomerProblemFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def team():
    return TeamFactory()


def test_an_agent_who_guesses_finds_nothing_of_a_colleagues(client, team) -> None:
    """R4, R12: pages, panels, files, deeds and the API of the same team's other agent, as if they were not."""
    curious, other = (AgentFactory(user__team=team, user__role=Role.AGENT) for _each in range(2))
    card = CardFactory(team=team, msisdn="+8613912340987")
    held = hand_over(card, other, at=FRIDAY - timedelta(days=2), accepted_at=FRIDAY)
    file = store(content=b"a\n", name="r.csv", purpose="x", owner=other.user, now=FRIDAY, subject=card)
    theirs = {
        **dict.fromkeys(("my-fault", "my-loss", "my-quality", "card-secrets", "card-calls"), card.pk),
        "problem-solve": CustomerProblemFactory(agent=other).pk,
        "appraisal-sign": AppraisalFactory(agent=other).pk,
    }
    pages = [reverse(f"lifecycle:{name}", args=[pk]) for name, pk in theirs.items()]
    pages += [
        reverse("lifecycle:reveal", args=[card.pk, "pin1"]),
        reverse("agents:confirm", args=[card.pk]),
        reverse("agents:receipt", args=[HandoverFactory(agent=other).pk]),
        reverse("agents:request-withdraw", args=[CardRequestFactory(agent=other).pk]),
        reverse("files:download", args=[file.pk]),
    ]
    details = {
        "cards": card.pk,
        "alerts": AlertFactory(card=card).pk,
        "assignments": held.pk,
        "customer-problems": theirs["problem-solve"],
    }
    client.force_login(curious.user)
    before = Entry.objects.count()
    for url in pages:
        answers = [client.get(url), client.post(url, {"reason": "x", "solution": "x", "signed_name": "x"})]
        assert {answer.status_code for answer in answers} <= {404, 405}, url
        assert all(b"0987" not in answer.content for answer in answers)
        assert 404 in {answer.status_code for answer in answers}, url
    api = APIClient()
    api.force_authenticate(curious.user)
    for name, pk in details.items():
        assert api.get(f"/api/v1/{name}/{pk}/").status_code == 404
        assert api.get(f"/api/v1/{name}/").json()["results"] == []
    assert b"0987" not in client.get(reverse("billing:usage"), {"card": card.pk}).content
    MatterFactory(about=other.user)
    assert client.get(reverse("lifecycle:my-data")).context["requests"] == []
    CardConfirmationFactory(agent=other, card=card)
    assert api.get("/api/v1/confirmations/").status_code == 403
    assert Entry.objects.count() == before + 1


def test_a_supervisor_does_not_change_their_own_role(client, team) -> None:
    """R12: not in the administration, not by a service, nor anybody's to more than an agent."""
    boss = PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)
    client.force_login(boss)
    facts = {"name": boss.name, "roles": ["admin"], "language": "zh-hans"}
    for url in (f"/admin/accounts/user/{boss.pk}/change/", reverse("accounts:profile")):
        client.post(url, facts)
    with pytest.raises(NotYourself):
        set_roles(person=boss, roles=[Role.ADMIN], actor=boss, now=FRIDAY)
    with pytest.raises(OutranksYou):
        set_roles(person=PersonFactory(role=Role.AGENT, team=team), roles=[Role.ADMIN], actor=boss, now=FRIDAY)
    boss.refresh_from_db()
    assert (boss.role_names, boss.is_staff, boss.is_superuser) == ({Role.SUPERVISOR}, False, False)


def test_who_may_no_longer_gets_the_sign_in_from_a_page_left_open(client, team) -> None:
    """R12, R76: pages, panels and buttons of htmx, and the API; nothing changes, nothing is told."""
    boss = PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)
    alert = AlertFactory(card=CardFactory(team=team, msisdn="+8613912340987"))
    client.force_login(boss)
    token, htmx = issue_token(person=boss, now=FRIDAY), {"HX-Request": "true", "HX-Current-URL": "http://testserver/"}
    panels = [reverse("lifecycle:card-timeline", args=[alert.card_id]), reverse("lifecycle:board-waiting")]
    deed = reverse("lifecycle:acknowledge", args=[alert.pk])
    assert client.get(panels[0], headers=htmx).status_code == 200
    deactivate(person=boss, actor=None, now=FRIDAY)
    answers = [client.get(url, headers=htmx) for url in panels] + [client.post(deed, headers=htmx)]
    for answer in answers:
        assert answer["HX-Redirect"].startswith("/account/login/")
        assert answer.content == b""
    assert client.get(reverse("lifecycle:fleet")).status_code == 302
    assert APIClient().get("/api/v1/cards/", headers={"Authorization": f"Token {token}"}).status_code == 401
    alert.refresh_from_db()
    assert alert.state == "open"


def test_a_right_taken_away_is_gone_at_the_next_click(client, team) -> None:
    """R12: the sign-in lasts, the page that was open answers 403 and shows nothing."""
    boss = PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)
    card = CardFactory(team=team, msisdn="+8613912340987")
    client.force_login(boss)
    url = reverse("lifecycle:card", args=[card.pk])
    assert b"0987" in client.get(url).content
    boss.scope_grants.all().delete()
    assert client.get(url).status_code == 404
    set_roles(person=boss, roles=[Role.AGENT], actor=None, now=FRIDAY)
    answer = client.get(url, headers={"HX-Request": "true"})
    assert (answer.status_code, b"0987" in answer.content) == (403, False)
