"""The inbox, one's channels and the outbox over the API."""

import pytest
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cardfleet.notify.models import InboxItem, Message
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.notify import ChannelFactory, MessageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
V1 = "/api/v1/"


@pytest.fixture
def person():
    return PersonFactory(role=Role.SUPERVISOR)


@pytest.fixture
def api(person):
    client = APIClient(headers={"accept-language": "en"})
    client.force_authenticate(person)
    return client


def line(person, key):
    return InboxItem.objects.create(user=person, key=key, code="notify.test", params={"person": "x"}, created_at=FRIDAY)


def test_the_inbox_is_read_and_marked(api, person):
    first, second, _others = line(person, "a"), line(person, "b"), line(PersonFactory(), "a")
    told = api.get(f"{V1}inbox/", {"unread": "true"}).json()["results"]
    assert [one["id"] for one in told] == [second.pk, first.pk]
    assert told[0]["subject"]
    assert api.post(f"{V1}inbox/{first.pk}/read/").json()["read_at"]
    assert api.post(f"{V1}inbox/read-all/").json() == {"read": 1}


def test_a_channel_of_ones_own(api, person):
    body = {"name": "My mailbox", "kind": "email", "address": "zhang@cardfleet.example", "least": 1}
    made = api.post(f"{V1}notifications/channels/", body)
    assert made.status_code == 201, made.json()
    assert "zhang" not in made.content.decode()
    address = f"{V1}notifications/channels/{made.json()['id']}/"
    assert api.post(f"{address}test/").status_code == 202
    assert Message.objects.count() == 1
    assert api.post(f"{address}switch/", {"is_active": False}).json()["is_active"] is False
    assert api.post(f"{address}test/").status_code == 404
    assert api.post(f"{V1}notifications/channels/{ChannelFactory().pk}/switch/", {"is_active": True}).status_code == 404


def test_what_failed_is_sent_again(api):
    message = MessageFactory(state="failed")
    api.force_authenticate(PersonFactory(role=Role.ADMIN))
    assert api.post(f"{V1}notifications/messages/{message.pk}/again/").json()["state"] == "pending"


def test_ones_wishes_are_told_and_chosen(api, person):
    """What is not named stays as it is; a topic that is none is refused, and nothing of it kept."""
    wishes = f"{V1}notifications/wishes/"
    usual = api.get(wishes).json()
    assert (usual["email"], usual["quiet_from"], usual["digest_at"]) == (True, "21:00:00", None)
    topic = next(iter(usual["modes"]))
    chosen = api.post(wishes, {"quiet_from": None, "modes": {topic: "digest"}}).json()
    assert chosen == usual | {
        "quiet_from": None, "digest_at": "08:30:00", "modes": usual["modes"] | {topic: "digest"}
    }  # fmt: skip
    assert api.get(wishes).json() == chosen
    for wrong in ({"modes": {"moon": "now"}}, {"modes": {topic: "moon"}}, {"digest_at": "25:00"}, {"colour": "red"}):
        assert api.post(wishes, {"email": False, **wrong}).status_code == 400
    assert api.get(wishes).json() == chosen
    api.force_authenticate(PersonFactory(role=Role.AGENT))
    assert api.get(wishes).json() == usual
