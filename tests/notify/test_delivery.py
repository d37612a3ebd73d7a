"""The outbox against real servers on loopback: once, again, given up, taken over from a dead worker."""

import base64
import hmac
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from cardfleet.jobs.models import ScheduledRun
from cardfleet.jobs.tasks import deliver_notifications, run_scheduled
from cardfleet.journal.models import Entry
from cardfleet.notify.channels import robots
from cardfleet.notify.choices import ChannelKind, MessageState
from cardfleet.notify.errors import NotFailed, Undelivered
from cardfleet.notify.models import Channel, Delivery, InboxItem, Message
from cardfleet.notify.services import tell_channel
from cardfleet.notify.services.delivery import BACK_OFF, claim, deliver, record_failure, record_success, send_again
from tests.conftest import wait_until
from tests.factories.accounts import PersonFactory
from tests.factories.notify import ChannelFactory, MessageFactory
from tests.notify.servers import MailServer, hook, mail_server

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
OK = '{"errcode":0,"errmsg":"ok"}'


@pytest.fixture
def robot():
    with hook() as served:
        yield served


@pytest.fixture
def mail(settings):
    with mail_server() as served:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", served.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield served


def run(moment) -> dict[str, int]:
    with time_machine.travel(moment, tick=False):
        return deliver_notifications(on=DAY, now=moment)


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def test_a_message_is_sent_once_however_often_the_job_runs(robot, now) -> None:
    message = MessageFactory(channel__address=robot.url)
    assert run(now) == {"sent": 1, "failed": 0}
    assert run(now) == {"sent": 0, "failed": 0}
    assert robot.came == [{"msgtype": "text", "text": {"content": "预警\n尾号 1234 今日外呼已达 90%"}}]
    assert state(message) == MessageState.SENT
    assert (message.sent_at, message.attempts) == (now, 1)
    assert Delivery.objects.get().ok


def test_an_error_500_is_tried_again_after_a_minute(robot, now) -> None:
    robot.answers = [(500, "oops"), (200, OK)]
    message = MessageFactory(channel__address=robot.url)
    assert run(now) == {"sent": 0, "failed": 1}
    assert state(message) == MessageState.PENDING
    assert run(now + timedelta(seconds=59)) == {"sent": 0, "failed": 0}
    assert run(now + timedelta(seconds=60)) == {"sent": 1, "failed": 0}
    assert [delivery.ok for delivery in message.deliveries.order_by("id")] == [False, True]
    assert Channel.objects.get().is_active


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (ChannelKind.WECOM, (404, "no")),
        (ChannelKind.WECOM, (200, '{"errcode":93000,"errmsg":"invalid webhook url"}')),
        (ChannelKind.DINGTALK, (200, '{"errcode":300005,"errmsg":"token is not exist"}')),
        (ChannelKind.FEISHU, (200, '{"code":19001,"msg":"param invalid: incoming webhook access token invalid"}')),
        (ChannelKind.WEBHOOK, (404, "no")),
    ],
)
def test_a_hook_that_is_gone_disables_its_channel_and_says_why(kind, answer, robot, reference, now) -> None:
    keeper = PersonFactory(role="admin")
    robot.answers = [answer]
    message = MessageFactory(channel__address=robot.url, channel__kind=kind)
    waiting = MessageFactory(channel=message.channel)
    assert run(now) == {"sent": 0, "failed": 1}
    channel = Channel.objects.get()
    assert (state(message), state(waiting), channel.is_active) == (MessageState.FAILED, MessageState.PENDING, False)
    assert channel.disabled_reason
    assert "very-secret" not in channel.disabled_reason + Delivery.objects.get().detail
    assert Entry.objects.first().action == "notify.channel_disabled"
    assert InboxItem.objects.get().user == keeper
    assert run(now + timedelta(days=1)) == {"sent": 0, "failed": 0}
    Channel.objects.update(is_active=True)
    robot.answers = [(200, OK)]
    assert run(now + timedelta(days=1)) == {"sent": 1, "failed": 0}, "what waited is not lost"


@pytest.mark.parametrize("answer", ['{"errcode":45009,"errmsg":"api freq out of limit"}', "<html>login</html>"])
def test_a_refusal_inside_a_200_is_no_success(answer: str, robot, now) -> None:
    robot.answers = [(200, answer)]
    message = MessageFactory(channel__address=robot.url)
    assert run(now) == {"sent": 0, "failed": 1}
    assert state(message) == MessageState.PENDING
    assert Channel.objects.get().is_active


def test_a_hook_that_stalls_is_left_alone_until_the_next_run(robot, now, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "ANSWER_S", 0.2)
    robot.stall_s = 1
    first = MessageFactory(channel__address=robot.url)
    second = MessageFactory(channel=first.channel)
    assert run(now) == {"sent": 0, "failed": 1}
    assert (state(first), state(second), second.attempts) == (MessageState.PENDING, MessageState.PENDING, 0)
    assert Delivery.objects.get().detail == "ReadTimeout"


def test_a_host_that_is_not_there_is_tried_again(now) -> None:
    message = MessageFactory(channel__address="http://127.0.0.1:9/send?key=very-secret")
    assert run(now) == {"sent": 0, "failed": 1}
    assert state(message) == MessageState.PENDING
    assert "very-secret" not in Delivery.objects.get().detail


def test_signed_robots_sign(robot, now) -> None:
    MessageFactory(channel__address=robot.url, channel__kind=ChannelKind.DINGTALK, channel__secret="SEC1")
    MessageFactory(channel__address=robot.url, channel__kind=ChannelKind.FEISHU, channel__secret="SEC2")
    assert run(now) == {"sent": 2, "failed": 0}
    query = parse_qs(urlsplit(robot.paths[0]).query)
    digest = hmac.digest(b"SEC1", f"{query['timestamp'][0]}\nSEC1".encode(), "sha256")
    assert query["sign"] == [base64.b64encode(digest).decode()]
    assert query["key"] == ["very-secret"]
    feishu = robot.came[1]
    digest = hmac.digest(f"{feishu['timestamp']}\nSEC2".encode(), b"", "sha256")
    assert (feishu["sign"], feishu["msg_type"]) == (base64.b64encode(digest).decode(), "text")


def test_a_long_chinese_text_fits_the_robots_bytes(robot, now) -> None:
    MessageFactory(channel__address=robot.url, body="字" * 3000)
    run(now)
    content = robot.came[0]["text"]["content"]
    assert 1900 < len(content.encode()) <= 2048
    assert content.endswith("字…")


def test_any_hook_takes_json_by_apprise(robot, now) -> None:
    MessageFactory(channel__address=robot.url, channel__kind=ChannelKind.WEBHOOK)
    assert run(now) == {"sent": 1, "failed": 0}
    assert (robot.came[0]["title"], robot.came[0]["message"]) == ("预警", "尾号 1234 今日外呼已达 90%")
    robot.answers = [(503, "busy")]
    message = MessageFactory(channel=Channel.objects.get())
    assert run(now) == {"sent": 0, "failed": 1}
    assert (state(message), Channel.objects.get().is_active) == (MessageState.PENDING, True)
    assert message.deliveries.get().detail == "HTTP 503"


def test_mail_goes_to_persons_and_to_mail_channels(mail, now) -> None:
    MessageFactory(channel=None, email="zhang@example.com", subject="两行\n主题")
    MessageFactory(channel__kind=ChannelKind.EMAIL, channel__address="team@example.com")
    assert run(now) == {"sent": 2, "failed": 0}
    assert [sent["To"] for sent in mail.accepted] == ["zhang@example.com", "team@example.com"]
    assert mail.accepted[0]["Subject"] == "两行 主题"
    assert mail.accepted[0].get_content().strip() == "尾号 1234 今日外呼已达 90%"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("550 no such user", MessageState.FAILED), ("451 try later", MessageState.PENDING)],
)
def test_mail_that_is_refused(answer: str, expected: str, mail, now) -> None:
    mail.rcpt = answer
    message = MessageFactory(channel=None, email="zhang@example.com")
    assert run(now) == {"sent": 0, "failed": 1}
    assert state(message) == expected
    assert message.deliveries.get().detail == answer


@pytest.mark.parametrize(("where", "answer"), [("greeting", "554 no service here"), ("sender", "550 you may not send")])
def test_a_mail_server_that_refuses_everybody_is_tried_again(where: str, answer: str, mail, now) -> None:
    """That says nothing of the address: neither is the message given up nor the channel switched off."""
    setattr(mail, where, answer)
    message = MessageFactory(channel__kind=ChannelKind.EMAIL, channel__address="team@example.com")
    assert run(now) == {"sent": 0, "failed": 1}
    assert (state(message), message.deliveries.get().detail) == (MessageState.PENDING, answer)
    assert Channel.objects.get().is_active
    setattr(mail, where, getattr(MailServer, where))
    assert run(now + timedelta(minutes=1)) == {"sent": 1, "failed": 0}
    assert [sent["To"] for sent in mail.accepted] == ["team@example.com"]


def test_a_mail_server_that_stalls_is_tried_again(mail, settings, now) -> None:
    settings.EMAIL_TIMEOUT, mail.stall_s = 0.2, 1
    first, second = MessageFactory(channel=None, email="a@example.com"), MessageFactory(channel=None, email="b@b.cn")
    assert run(now) == {"sent": 0, "failed": 1}
    assert (state(first), state(second), second.attempts) == (MessageState.PENDING, MessageState.PENDING, 0)


def test_messages_are_given_up_after_the_last_back_off(now) -> None:
    message = MessageFactory()
    for pause in BACK_OFF:
        claimed = claim(now=now)
        record_failure(bundle=claimed, failure=Undelivered("busy"), now=now)
        message.refresh_from_db()
        assert message.due_at == now + pause
        now += pause
    record_failure(bundle=claim(now=now), failure=Undelivered("busy"), now=now)
    assert state(message) == MessageState.FAILED
    assert Channel.objects.get().is_active, "a channel that is busy may work tomorrow"


def test_two_workers_never_hold_one_message(now) -> None:
    MessageFactory()
    assert claim(now=now) is not None
    assert claim(now=now) is None


def test_a_dead_workers_message_is_taken_over_and_its_late_word_ignored(robot, now) -> None:
    """Invariant 8: a killed worker loses nothing, and sends nothing twice that it recorded as sent."""
    message = MessageFactory(channel__address=robot.url)
    dead = claim(now=now)
    assert claim(now=now + timedelta(minutes=9)) is None
    later = now + timedelta(minutes=10)
    heir = claim(now=later)
    assert heir.head.attempts == 2
    record_failure(bundle=dead, failure=Undelivered("busy"), now=later)
    assert state(message) == MessageState.SENDING
    deliver(bundle=heir, now=later)
    record_success(bundle=dead, said="ok", now=later)
    assert (state(message), message.sent_at) == (MessageState.SENT, later)
    assert claim(now=later + timedelta(days=1)) is None


def test_the_whole_way_by_a_real_worker(worker, robot, now) -> None:
    """A service tells, a worker on a real Redis delivers, the robot hears it once."""
    channel = ChannelFactory(address=robot.url)
    tell_channel(channel=channel, code="notify.test", params={"person": "张三"}, key="x", now=now)
    run_scheduled.delay("deliver_notifications")
    run_scheduled.delay("deliver_notifications")
    wait_until(lambda: ScheduledRun.objects.filter(ok=True).count() == 2, what="nobody delivered")
    assert [came["msgtype"] for came in robot.came] == ["text"]
    assert Message.objects.get().state == MessageState.SENT


def test_a_channel_that_is_down_for_a_day_loses_nothing(robot, now, reference, client) -> None:
    """Tried again with back-off, given up after the last, shown as failed for good, and sent again by a person."""
    robot.answers = [(503, "down")]
    first = MessageFactory(channel__address=robot.url)
    moment = now
    while state(first) == MessageState.PENDING:
        moment = max(moment, first.due_at)
        run(moment)
        run(moment)
    assert (first.state, first.attempts, len(robot.came)) == (MessageState.FAILED, len(BACK_OFF) + 1, len(BACK_OFF) + 1)
    assert timedelta(hours=22) < moment - now < timedelta(days=1)
    later = [MessageFactory(channel=first.channel, created_at=moment, due_at=moment) for _number in range(3)]
    client.force_login(PersonFactory(role="admin"))
    page = client.get("/inbox/deliveries/", {"state": "failed"})
    assert [(shown.pk, shown.attempts, shown.last_said) for shown in page.context["messages_shown"]] == [
        (first.pk, 8, "HTTP 503 down")
    ]
    robot.answers = [(200, OK)]
    with time_machine.travel(moment, tick=False):
        assert client.post(f"/inbox/deliveries/{first.pk}/again/").status_code == 302
        assert client.post(f"/inbox/deliveries/{first.pk}/again/").status_code == 409
    robot.came.clear()
    assert run(moment + timedelta(days=3)) == {"sent": 4, "failed": 0}
    assert {state(message) for message in (first, *later)} == {MessageState.SENT}
    assert len(robot.came) == 1, "what waited leaves as one letter, not as a flood"
    assert robot.came[0]["text"]["content"].count("尾号 1234") == 4


def test_what_rode_along_waits_on_when_the_letter_fails(robot, now) -> None:
    robot.answers = [(503, "down"), (200, OK)]
    head = MessageFactory(channel__address=robot.url)
    rider = MessageFactory(channel=head.channel)
    assert run(now + timedelta(hours=1)) == {"sent": 0, "failed": 1}
    assert [(state(one), one.attempts) for one in (head, rider)] == [
        (MessageState.PENDING, 1),
        (MessageState.PENDING, 0),
    ]
    assert run(now + timedelta(hours=2)) == {"sent": 2, "failed": 0}


def test_a_clock_set_back_sends_nothing_early_and_nothing_twice(robot, now) -> None:
    message = MessageFactory(channel__address=robot.url)
    assert run(now - timedelta(hours=3)) == {"sent": 0, "failed": 0}
    assert run(now) == {"sent": 1, "failed": 0}
    assert run(now - timedelta(hours=3)) == {"sent": 0, "failed": 0}
    assert (state(message), len(robot.came)) == (MessageState.SENT, 1)


def test_only_what_failed_for_good_is_sent_again(now) -> None:
    message = MessageFactory()
    with pytest.raises(NotFailed):
        send_again(message=message, actor=PersonFactory(), now=now)


def test_mail_that_stalled_goes_in_one_letter_to_each_person_when_the_server_recovers(mail, settings, now) -> None:
    settings.EMAIL_TIMEOUT, mail.stall_s = 0.2, 0.5
    waiting = [MessageFactory(channel=None, email=email) for email in ("a@b.cn", "a@b.cn", "c@d.cn")]
    assert run(now) == {"sent": 0, "failed": 1}
    mail.stall_s = 0
    assert run(now + timedelta(hours=9)) == {"sent": 3, "failed": 0}
    assert {state(message) for message in waiting} == {MessageState.SENT}
    assert sorted(sent["To"] for sent in mail.accepted) == ["a@b.cn", "c@d.cn"]
