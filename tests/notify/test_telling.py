"""Telling people once, in their language, in the deed's own transaction."""

import pytest
from django.utils.translation import gettext_lazy as _

from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import NotVisible
from cardfleet.notify import wording
from cardfleet.notify.choices import ChannelKind
from cardfleet.notify.errors import ChannelMisaddressed, ChannelNameTaken
from cardfleet.notify.models import Channel, InboxItem, Message
from cardfleet.notify.services import channels, tell, tell_channel
from cardfleet.notify.services.inbox import open_item, read_all
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.notify import ChannelFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(wording._wordings, "tests.hello", wording.Wording(_("Sign out"), "{name}"))


def test_a_person_is_told_once(now) -> None:
    person = PersonFactory(email="a@example.com")
    for _attempt in range(2):
        tell(user=person, code="tests.hello", params={"name": "x"}, key="k", url="/cards/1/", email=True, now=now)
    assert InboxItem.objects.get().params == {"name": "x"}
    assert Message.objects.get().email == "a@example.com"


def test_those_without_an_address_are_told_in_the_inbox_alone(now) -> None:
    tell(user=PersonFactory(), code="tests.hello", params={"name": "x"}, key="k", email=True, now=now)
    assert InboxItem.objects.count() == 1
    assert not Message.objects.exists()


def test_each_channel_is_told_once_in_the_installations_language(now) -> None:
    first, second = ChannelFactory(), ChannelFactory()
    for channel in (first, second, first):
        tell_channel(channel=channel, code="tests.hello", params={"name": "x"}, key="k", now=now)
    assert [message.body for message in Message.objects.all()] == ["x", "x"]


def test_a_message_is_worded_for_its_reader() -> None:
    assert wording.word("tests.hello", {"name": "张三"}, "en") == wording.Wording("Sign out", "张三")
    for code, params in (("tests.unknown", {}), ("tests.hello", {})):
        with pytest.raises(KeyError):
            wording.word(code, params)


def test_a_team_is_served_by_its_channels_those_above_and_those_of_all() -> None:
    company = TeamFactory()
    team = TeamFactory(parent=company)
    serving = [ChannelFactory(), ChannelFactory(team=company), ChannelFactory(team=team)]
    ChannelFactory(team=TeamFactory())
    ChannelFactory(team=team, is_active=False)
    assert list(Channel.objects.serving(team).order_by("id")) == serving
    assert list(Channel.objects.serving(None)) == serving[:1]


def test_nobody_reads_anothers_inbox(now) -> None:
    owner, other = PersonFactory(), PersonFactory()
    tell(user=owner, code="tests.hello", params={"name": "x"}, key="k", now=now)
    item = InboxItem.objects.get()
    with pytest.raises(NotVisible):
        open_item(pk=item.pk, person=other, now=now)
    assert read_all(person=other, now=now) == 0
    assert InboxItem.objects.unread().count() == 1
    open_item(pk=item.pk, person=owner, now=now)
    assert InboxItem.objects.unread().count() == 0


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (ChannelKind.EMAIL, "https://x.cn"),
        (ChannelKind.WECOM, "very-secret"),
        (ChannelKind.DINGTALK, "ftp://x.cn/y"),
        (ChannelKind.WEBHOOK, "a@example.com"),
    ],
)
def test_an_address_fits_its_kind(kind, address: str, now) -> None:
    with pytest.raises(ChannelMisaddressed):
        channels.create_channel(name="x", kind=kind, address=address, actor=None, now=now)
    assert not Channel.objects.exists()


def test_a_change_keeps_what_is_never_shown(now) -> None:
    channel = channels.create_channel(
        name="x", kind=ChannelKind.WECOM, address="https://x.cn/?key=1", secret="s", actor=None, now=now
    )
    Channel.objects.update(is_active=False, disabled_reason="gone")
    facts = {"kind": ChannelKind.WECOM, "team": None, "is_active": True, "actor": None, "now": now}
    channel = channels.change_channel(channel=channel, name="y", **facts)
    assert (channel.address, channel.secret, channel.disabled_reason) == ("https://x.cn/?key=1", "s", "")
    assert set(Entry.objects.first().data["fields"]) == {"name", "is_active", "disabled_reason"}
    channels.change_channel(channel=channel, name="y", **facts)
    assert Entry.objects.count() == 2
    with pytest.raises(ChannelNameTaken):
        channels.change_channel(channel=ChannelFactory(), name="y", **facts)


def test_a_test_message_is_queued(now) -> None:
    channel = ChannelFactory()
    channels.test_channel(channel=channel, actor=PersonFactory(name="张三"), now=now)
    assert Message.objects.get().channel == channel
    assert "张三" in Message.objects.get().body
