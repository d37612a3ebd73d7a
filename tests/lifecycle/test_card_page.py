"""The card page and its parts."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory, TagFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def supervisor(client):
    """A supervisor of a team, signed in."""
    person = PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory())
    client.force_login(person)
    return person


@pytest.fixture
def card(supervisor):
    """A card of the supervisor's team."""
    return CardFactory(team=supervisor.scope_grants.get().team)


def test_tags_are_put_on_and_taken_off_and_found_by(client, card):
    """On the page and over the API; what is no tag stays in the field."""
    url, other = reverse("lifecycle:card-tags", args=[card.pk]), CardFactory(team=card.team)
    assert client.post(url, {"add": "VIP、🔥热卖"}).status_code == 200
    refused = client.post(url, {"add": "x" * 41})
    assert (refused.status_code, "x" * 41 in refused.content.decode()) == (422, True)
    assert client.post(url, {"remove": "VIP"}).status_code == 200
    assert [tag.name for tag in card.tags.all()] == ["🔥热卖"]
    api = APIClient()
    api.force_authenticate(PersonFactory(role=Role.ADMIN))
    changed = api.post(f"/api/v1/cards/{card.pk}/tags/", {"add": ["上海"], "remove": ["🔥热卖"]}, format="json")
    assert (changed.status_code, changed.json()["tags"]) == (200, ["上海"])
    found = api.get("/api/v1/cards/", {"tag": "上海"}).json()["results"]
    assert [(row["id"], row["tags"]) for row in found] == [(card.pk, ["上海"])]
    assert api.get("/api/v1/cards/", {"tag": "没有"}).status_code == 400
    assert [tag["name"] for tag in api.get("/api/v1/tags/", {"search": "上"}).json()["results"]] == ["上海"]
    listed = client.get(reverse("lifecycle:fleet"), {"tag": "上海"})
    assert [row.card.pk for row in listed.context["listed"].rows] == [card.pk]
    other.tags.set([card.tags.get(), TagFactory(name="VIP 2")])
    table = b"".join(client.get(reverse("lifecycle:fleet-export"), {"tag": "上海"}).streaming_content).decode()
    assert [line.rpartition(',"')[2] for line in table.splitlines()[2:]] == ['VIP 2, 上海"']
