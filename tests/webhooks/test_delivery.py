"""Events on their way: at least once, in order by card, to real receivers that die, dawdle, redirect or refuse."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings as conf
from django.utils import timezone

from cardfleet.journal.sealing import seal_journal
from cardfleet.kernel.outgoing import Limits
from cardfleet.notify.models import InboxItem
from cardfleet.webhooks.channels.receiver import Outcome
from cardfleet.webhooks.choices import DeliveryState, DisabledFor
from cardfleet.webhooks.errors import BeingSent, WebhookOff
from cardfleet.webhooks.models import Attempt, Delivery, Webhook
from cardfleet.webhooks.rules import retrying
from cardfleet.webhooks.rules.signing import signed
from cardfleet.webhooks.services.delivery import claim, replay, settle
from cardfleet.webhooks.services.spreading import spread
from cardfleet.webhooks.tasks import deliver_webhooks, send_due
from tests.conftest import wait_until
from tests.factories.webhooks import SECRET, delivery_of, happens, webhook_of
from tests.notify.servers import hook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
RENAMED = ["accounts.team_renamed"]
DAY = timedelta(days=1)
TAKEN = Outcome(status=200, ms=1, answer="")
BUSY = Outcome(status=503, ms=1, answer="busy")


@pytest.fixture(autouse=True)
def _loopback_is_allowed(settings) -> None:
    settings.OUTGOING_ALLOWED_HOSTS = ["127.0.0.1"]


class Receiver:
    """The receiver of docs/examples as a process of its own, killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "events.jsonl"
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it on the port it had before."""
        self.port = self.port or free_port()
        command = [sys.executable, str(conf.BASE_DIR / "docs/examples/webhook_receiver.py")]
        command += ["--port", str(self.port), "--events", str(self.file)]
        self.process = subprocess.Popen(command, env={**os.environ, "WEBHOOK_SECRET": SECRET})
        wait_until(lambda: answers(self.port), what="the receiver does not start")

    def kill(self) -> None:
        """End it at once."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(timeout=30)
        self.process = None

    def taken(self) -> list[dict]:
        """Return the events it took, in the order of taking them."""
        return [json.loads(line.partition(" ")[2]) for line in self.file.read_text().splitlines()]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def answers(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def receiver(tmp_path: Path):
    """A running receiver."""
    running = Receiver(tmp_path)
    running.start()
    yield running
    running.kill()


def soon():
    return timezone.now() + timedelta(seconds=20)


def waiting(webhook: Webhook) -> int:
    return webhook.deliveries.exclude(state=DeliveryState.DELIVERED).count()


def test_a_receiver_that_is_killed_and_started_again_gets_every_event_in_order(
    receiver, now, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 9: nothing lost, nothing out of order by card, each event once; workers die in between, too."""
    monkeypatch.setattr(retrying, "BACK_OFF", (timedelta(milliseconds=50),))
    webhook = webhook_of(address=f"http://127.0.0.1:{receiver.port}/", actions=RENAMED)
    happened = [f"cards.card:{number % 7}" for number in range(140)]
    for subject in happened:
        happens(subject)
    seal_journal(now=now)
    assert spread(now=now) == len(happened)
    for _round in range(3):
        threading.Timer(0.15, receiver.kill).start()
        send_due(until=timezone.now() + timedelta(seconds=0.6))
        wait_until(lambda: receiver.process is None, what="the receiver was not killed")
        claim(now=timezone.now(), most=5)  # by a worker that is killed before it writes anything down
        Delivery.objects.filter(state=DeliveryState.SENDING).update(claimed_at=timezone.now() - timedelta(minutes=2))
        receiver.start()
    assert waiting(webhook), "the receiver was killed while events waited"
    deadline = time.monotonic() + 60
    while waiting(webhook) and time.monotonic() < deadline:
        send_due(until=soon())
    taken = receiver.taken()
    assert sorted(event["id"] for event in taken) == sorted(webhook.deliveries.values_list("seal", flat=True))
    for card in set(happened):
        ids = [event["id"] for event in taken if event["subject"] == card]
        assert ids == sorted(ids), card
    assert Attempt.objects.filter(ok=False).exists()


def test_the_scheduled_job_seals_spreads_and_sends(receiver, now) -> None:
    webhook_of(address=f"http://127.0.0.1:{receiver.port}/", actions=RENAMED)
    happens("cards.card:7", reason="张三", data={"note": "张三", "count": 2})
    counts = deliver_webhooks(on=now.date(), now=timezone.now())
    assert counts == {"found": 1, "delivered": 1, "failed": 0}
    (event,) = receiver.taken()
    assert (event["type"], event["subject"], event["data"]) == (RENAMED[0], "cards.card:7", {"note": None, "count": 2})
    assert deliver_webhooks(on=now.date(), now=timezone.now())["delivered"] == 0


def test_an_event_sent_once_more_is_taken_once(receiver, now) -> None:
    delivery = delivery_of(webhook_of(address=f"http://127.0.0.1:{receiver.port}/", actions=RENAMED))
    send_due(until=soon())
    replay(delivery=delivery, actor=delivery.webhook.owner, now=now)
    send_due(until=soon())
    assert (Attempt.objects.filter(ok=True).count(), len(receiver.taken())) == (2, 1)


def test_a_call_that_is_replayed_or_was_changed_is_refused(receiver) -> None:
    """Issue 9: the example receiver takes no old call and none that was changed; a copy in time counts once."""
    body, now = b'{"type": "cards.card_changed", "data": {"id": 7, "subject": "cards.card:7"}}', int(time.time())

    def answer(*, sent: int, content: bytes = body, secret: str = SECRET) -> int:
        headers = signed([secret], event_id="evt_7", timestamp=sent, body=body)
        asking = HTTPConnection("127.0.0.1", receiver.port, timeout=5)
        asking.request("POST", "/", body=content, headers=headers)
        return asking.getresponse().status

    assert [answer(sent=now - 301), answer(sent=now + 400)] == [401, 401]
    assert [answer(sent=now, content=body + b" "), answer(sent=now, secret="whsec_" + "A" * 40)] == [401, 401]
    assert receiver.taken() == []
    assert [answer(sent=now), answer(sent=now)] == [200, 200]
    assert [event["id"] for event in receiver.taken()] == [7]


def test_a_slow_receiver_keeps_nobody_waiting(receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cardfleet.webhooks.channels.receiver.LIMITS", Limits(silence_s=1, all_s=1))
    with hook() as slow:
        slow.stall_s = 1.5
        slowly = webhook_of(name="slow", address=slow.url, actions=RENAMED)
        quickly = webhook_of(name="quick", address=f"http://127.0.0.1:{receiver.port}/", actions=RENAMED)
        for number in range(20):
            happens(f"cards.card:{number}")
        seal_journal(now=timezone.now())
        spread(now=timezone.now())
        send_due(until=soon())
    assert (waiting(slowly), waiting(quickly)) == (20, 0)
    assert set(Attempt.objects.filter(ok=False).values_list("delivery__webhook", "answer")) == {
        (slowly.pk, "no_answer")
    }
    assert Attempt.objects.filter(ok=False).count() <= 8, "it rests until the next run"


def test_a_redirect_is_refused_and_the_answer_kept_without_the_secret() -> None:
    with hook() as known:
        known.answers = [(302, f"go on, {SECRET} " + "x" * 600)]
        delivery = delivery_of(webhook_of(address=known.url, actions=RENAMED))
        send_due(until=soon())
    attempt = delivery.attempts.get()
    assert (attempt.ok, attempt.status, len(attempt.answer)) == (False, 302, 500)
    assert attempt.answer.startswith("go on, … xxx")


def test_an_address_that_became_ours_is_not_called(settings) -> None:
    with hook() as known:
        delivery = delivery_of(webhook_of(address=known.url, actions=RENAMED))
        settings.OUTGOING_ALLOWED_HOSTS = []
        send_due(until=soon())
    assert (known.came, delivery.attempts.get().answer) == ([], "address_unusable")


def two_of_a_card(now) -> list[Delivery]:
    """Return an event of a card, the next of the same card, and one of another."""
    webhook = webhook_of(actions=RENAMED)
    for subject in ("cards.card:1", "cards.card:1", "cards.card:2"):
        happens(subject)
    seal_journal(now=now)
    spread(now=now)
    return list(webhook.deliveries.order_by("seal"))


def test_what_failed_holds_the_next_of_its_card_and_no_other(now) -> None:
    first, second, other = two_of_a_card(now)
    claimed = claim(now=now, most=9)
    assert [one.pk for one in claimed] == [first.pk, other.pk]
    settle(delivery=claimed[0], outcome=BUSY, now=now)
    settle(delivery=claimed[1], outcome=TAKEN, now=now)
    assert claim(now=now + timedelta(seconds=4), most=9) == []
    (again,) = claim(now=now + timedelta(seconds=5), most=9)
    settle(delivery=again, outcome=TAKEN, now=now)
    assert [one.pk for one in claim(now=now, most=9)] == [second.pk]


def test_who_claims_beside_another_or_late_changes_nothing(now) -> None:
    delivery_of()
    (dead,) = claim(now=now, most=9)
    assert claim(now=now + timedelta(seconds=59), most=9) == []
    (alive,) = claim(now=now + timedelta(seconds=60), most=9)
    settle(delivery=dead, outcome=BUSY, now=now)
    alive.refresh_from_db()
    assert alive.state == DeliveryState.SENDING
    settle(delivery=alive, outcome=TAKEN, now=now)
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert Attempt.objects.count() == 2


def tried_for_a_day(now) -> Delivery:
    """Try an event until a day is over, and return it."""
    moment = now
    for _ in range(12):
        (one,) = claim(now=moment, most=1)
        settle(delivery=one, outcome=BUSY, now=moment)
        one.refresh_from_db()
        moment = max(one.due_at, moment)
    return one


def test_a_receiver_that_takes_nothing_for_a_day_is_switched_off_and_nothing_is_lost(now) -> None:
    delivery_of()
    delivery = tried_for_a_day(now)
    webhook = Webhook.objects.get()
    assert (delivery.state, webhook.is_active) == (DeliveryState.PENDING, False)
    assert webhook.disabled_for == DisabledFor.SILENT
    assert InboxItem.objects.get(code="webhooks.disabled").user == webhook.owner
    with pytest.raises(WebhookOff):
        replay(delivery=delivery, actor=webhook.owner, now=now)


def test_one_event_that_never_gets_through_fails_alone_and_can_be_sent_again(now) -> None:
    delivery_of()
    Webhook.objects.update(last_success_at=now + timedelta(hours=1))
    delivery = tried_for_a_day(now)
    webhook = Webhook.objects.get()
    assert (delivery.state, webhook.is_active) == (DeliveryState.FAILED, True)
    assert InboxItem.objects.get(code="webhooks.event_failed").user == webhook.owner
    replay(delivery=delivery, actor=webhook.owner, now=now + DAY)
    (again,) = claim(now=now + DAY, most=1)
    with pytest.raises(BeingSent):
        replay(delivery=again, actor=webhook.owner, now=now + DAY)


def test_a_receiver_that_says_it_is_gone_is_believed(now) -> None:
    delivery_of()
    (one,) = claim(now=now, most=1)
    settle(delivery=one, outcome=Outcome(status=410, ms=1, answer=""), now=now)
    assert Webhook.objects.get().disabled_for == DisabledFor.GONE
    assert Delivery.objects.get().state == DeliveryState.PENDING
