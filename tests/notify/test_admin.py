"""Channels in the administration: what goes in as a secret never comes out."""

import pytest

from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cardfleet.notify.models import Channel, Delivery, Message
from tests.factories.accounts import PersonFactory
from tests.factories.notify import ChannelFactory, MessageFactory

pytestmark = pytest.mark.django_db
FACTS = {"name": "一组群", "kind": "wecom", "team": "", "is_active": "on", "secret": "", "least": "0"}
ADDRESS = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=very-secret"


@pytest.fixture(autouse=True)
def _admin(reference, client) -> None:
    client.force_login(PersonFactory(role=Role.ADMIN, language="en"))


def test_a_channel_is_made_changed_and_never_shown(client) -> None:
    client.post("/admin/notify/channel/add/", FACTS | {"address": ADDRESS})
    channel = Channel.objects.get()
    url = f"/admin/notify/channel/{channel.pk}/change/"
    assert "very-secret" not in client.get(url).text + client.get("/admin/notify/channel/").text
    client.post(url, FACTS | {"name": "二组群", "address": ""})
    channel.refresh_from_db()
    assert (channel.name, channel.address) == ("二组群", ADDRESS)
    assert "very-secret" not in str(list(Entry.objects.values_list("data", "reason")))
    answer = client.post(url, FACTS | {"kind": "email", "address": ""})
    assert "does not fit" in answer.text


def test_a_test_is_sent_only_when_asked_for(client) -> None:
    channel = ChannelFactory()
    url = f"/admin/notify/channel/{channel.pk}/test/"
    assert client.get(url).status_code == 200
    assert not Message.objects.exists()
    client.post(url, {"_form_submitted": "on"})
    assert Message.objects.get().channel == channel


def test_the_outbox_is_only_to_be_read(client) -> None:
    message = MessageFactory()
    delivery = Delivery.objects.create(message=message, at=message.due_at, ok=False, detail="HTTP 500")
    for path, row in (("message", message), ("delivery", delivery)):
        assert client.get(f"/admin/notify/{path}/").status_code == 200
        assert client.post(f"/admin/notify/{path}/{row.pk}/change/", {}).status_code == 403
        assert client.post(f"/admin/notify/{path}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
