"""How people are told: topics, quiet hours, own channels; what is held back leaves together in the morning."""

from datetime import timedelta

import pytest

from cardfleet.kernel.clock import SHANGHAI
from cardfleet.notify.choices import ChannelKind, Mode, Urgency
from cardfleet.notify.models import Channel, Message, Preference
from cardfleet.notify.rules.quiet import Quiet, send_at
from cardfleet.notify.rules.wishes import USUAL_DIGEST, Wishes
from cardfleet.notify.selectors import wishes_of
from cardfleet.notify.services import Telling, tell_channel, tell_many
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.notify import ChannelFactory

NIGHT, DAY, NOON = (
    Quiet(start=FRIDAY.time().replace(hour=21, minute=0), end=FRIDAY.time().replace(hour=8, minute=0)),
    Quiet(start=FRIDAY.time().replace(hour=10, minute=0), end=FRIDAY.time().replace(hour=11, minute=0)),
    Quiet(start=FRIDAY.time(), end=FRIDAY.time()),
)
PAGE = "/inbox/wishes/"


def at(hour: int, minute: int = 0, day: int = 20):
    return FRIDAY.replace(hour=hour, minute=minute, day=day, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("quiet", "urgency", "now", "leaves"),
    [
        (NIGHT, 0, at(20, 59), at(20, 59)),
        (NIGHT, 0, at(21), at(8, day=21)),
        (NIGHT, 1, at(23, 59), at(8, day=21)),
        (NIGHT, 0, at(0), at(8)),
        (NIGHT, 0, at(7, 59), at(8)),
        (NIGHT, 0, at(8), at(8)),
        (NIGHT, 2, at(23), at(23)),
        (Quiet(start=NIGHT.start, end=NIGHT.end, urgent_through=False), 2, at(23), at(8, day=21)),
        (DAY, 0, at(10, 30), at(11)),
        (DAY, 0, at(11), at(11)),
        (NOON, 0, at(10, 30), at(10, 30)),
        (Quiet(start=None, end=NIGHT.end), 0, at(3), at(3)),
    ],
)
def test_quiet_hours_hold_back_until_they_end(quiet, urgency, now, leaves):
    assert send_at(quiet, urgency=urgency, now=now) == leaves


@pytest.mark.parametrize(
    ("mode", "urgency", "told", "sent", "in_digest"),
    [
        (None, Urgency.NORMAL, True, False, True),
        (None, Urgency.GRAVE, True, True, True),
        (Mode.NOW, Urgency.NORMAL, True, True, True),
        (Mode.DIGEST, Urgency.CRITICAL, False, False, True),
        (Mode.NEVER, Urgency.CRITICAL, False, False, False),
    ],
)
def test_each_topic_is_told_as_it_was_chosen(mode, urgency, told, sent, in_digest):
    wishes = Wishes(modes={"x": mode} if mode else {})
    assert (wishes.is_told("x"), wishes.is_sent("x", urgency), wishes.is_in_digest("x")) == (told, sent, in_digest)


@pytest.mark.django_db
def test_the_inbox_never_waits_and_the_rest_waits_for_the_morning():
    """Each goes to mail and own channels that carry so much, at the end of the quiet hours unless it is critical."""
    person = PersonFactory(email="zhang@example.com")
    every, critical = ChannelFactory(owner=person), ChannelFactory(owner=person, least=Urgency.CRITICAL)
    group = ChannelFactory(quiet_from=NIGHT.start, quiet_until=NIGHT.end)
    for key, urgency in (("grave", Urgency.GRAVE), ("critical", Urgency.CRITICAL)):
        told = {"user": person, "code": "notify.test", "params": {"person": "x"}, "email": True}
        tell_many(tellings=[Telling(**told, key=key, urgency=urgency)], now=at(23))
    tell_channel(channel=group, code="notify.test", params={"person": "x"}, key="g", now=at(23))
    due = {(message.channel, message.key.split(":")[0]): message.due_at for message in Message.objects.all()}
    assert due == {
        (None, "grave"): at(8, day=21),
        (every, "grave"): at(8, day=21),
        (None, "critical"): at(23),
        (every, "critical"): at(23),
        (critical, "critical"): at(23),
        (group, "g"): at(8, day=21),
    }
    assert person.inbox.count() == 2


@pytest.mark.django_db
def test_people_choose_on_their_page(reference, client):
    person = PersonFactory(role="supervisor")
    client.force_login(person)
    page = client.get(PAGE).context["wishes"]
    given = {"quiet_from": "22:00", "quiet_until": "07:00", "digest_at": ""}
    given |= {field.html_name: "grave" for field in page.topic_fields()} | {"topic:alert.idle": "digest"}
    assert client.post(PAGE, given | {"topic:alert.idle": "loudly"}).status_code == 422
    assert not Preference.objects.exists()
    client.post(PAGE, given)
    wishes = wishes_of([person.pk])[person.pk]
    assert (wishes.email, wishes.digest_at, wishes.mode("alert.idle")) == (False, USUAL_DIGEST, Mode.DIGEST)


@pytest.mark.django_db
def test_own_channels_are_added_tested_and_switched_by_their_owner_alone(reference, client):
    person, other = PersonFactory(role="supervisor"), ChannelFactory(owner=PersonFactory())
    client.force_login(person)
    facts = {"name": "我的机器人", "kind": ChannelKind.FEISHU, "secret": "", "least": "1"}
    assert client.post(f"{PAGE}channels/", facts | {"address": "nonsense"}).status_code == 422
    client.post(f"{PAGE}channels/", facts | {"address": "https://robot.invalid/hook/very-secret"})
    own = Channel.objects.get(owner=person)
    assert "very-secret" not in client.get(PAGE).text
    client.post(f"/inbox/channels/{own.pk}/test/")
    assert Message.objects.get().channel == own
    client.post(f"{PAGE}channels/{own.pk}/switch/")
    own.refresh_from_db()
    assert not own.is_active
    assert client.post(f"/inbox/channels/{own.pk}/test/").status_code == 404
    for path in (f"{PAGE}channels/{other.pk}/switch/", f"/inbox/channels/{other.pk}/test/"):
        assert client.post(path).status_code == 404
    assert not Message.objects.filter(channel=other).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_telling_many_asks_as_often_as_telling_one(count, django_assert_num_queries):
    people = PersonFactory.create_batch(count, email="a@b.cn")
    tellings = [Telling(user=one, code="notify.test", params={"person": "x"}, key="k", email=True) for one in people]
    with django_assert_num_queries(7):
        tell_many(tellings=tellings, now=FRIDAY + timedelta(hours=1))
