"""Many at once: writers, workers and a receiver that dies; how far behind they are is in /metrics."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from cardfleet.journal.models import Entry
from cardfleet.journal.recording import record
from cardfleet.journal.sealing import seal_journal
from cardfleet.webhooks.choices import DeliveryState, DisabledFor
from cardfleet.webhooks.models import Attempt, Delivery, Webhook
from cardfleet.webhooks.rules import retrying
from cardfleet.webhooks.services.delivery import CALLS_AT_ONCE_EACH
from cardfleet.webhooks.services.spreading import spread
from cardfleet.webhooks.tasks import deliver_webhooks, send_due
from tests.factories.webhooks import delivery_of, happens, webhook_of
from tests.notify.servers import hook
from tests.webhooks.test_delivery import RENAMED, Receiver, receiver, soon  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("reference")
CARDS, WRITERS, EACH = 5, 3, 40
RUN = timedelta(seconds=1)
OURS = ("cardfleet_journal", "cardfleet_webhook")


@pytest.fixture(autouse=True)
def _loopback_is_allowed(settings) -> None:
    settings.OUTGOING_ALLOWED_HOSTS = ["127.0.0.1"]


def beside(work: Callable[[], object]) -> Callable[[], None]:
    """Return some work as a thread does it: with a connection of its own, closed at the end."""

    def done() -> None:
        try:
            work()
        finally:
            connection.close()

    return done


def write(writer: int) -> None:
    """Write about cards in turn, each entry in a transaction that stays open for a while."""
    for number in range(EACH):
        with transaction.atomic():
            subject = f"cards.card:{(number + writer) % CARDS}"
            record(actor=None, action=RENAMED[0], subject=subject, now=timezone.now(), data={"count": number})
            time.sleep(0.005 * writer)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_or_overtaken_while_several_write_and_the_receiver_dies(
    receiver: Receiver,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Issue 9: every event once, in order by card, though it is killed five times and two workers send at a time."""
    monkeypatch.setattr(retrying, "BACK_OFF", (timedelta(milliseconds=50),))
    monkeypatch.setattr("cardfleet.webhooks.tasks.RUN_LASTS", RUN)
    webhook = webhook_of(address=f"http://127.0.0.1:{receiver.port}/", actions=RENAMED)
    over = threading.Event()

    def deliver() -> None:
        while not over.is_set():
            deliver_webhooks(on=timezone.localdate(), now=timezone.now())

    def all_delivered() -> bool:
        return webhook.deliveries.filter(state=DeliveryState.DELIVERED).count() == WRITERS * EACH

    with ThreadPoolExecutor(WRITERS + 2) as pool:
        writing = [pool.submit(beside(lambda writer=writer: write(writer))) for writer in range(WRITERS)]
        sending = [pool.submit(beside(deliver)) for _worker in range(2)]
        try:
            for _time in range(5):
                time.sleep(0.3)
                receiver.kill()
                time.sleep(0.1)
                receiver.start()
            for one in writing:
                one.result()
            deadline = time.monotonic() + 60
            while not all_delivered() and time.monotonic() < deadline:
                time.sleep(0.1)
        finally:
            over.set()
        for one in sending:
            one.result()
    assert all_delivered()
    taken = receiver.taken()
    written = Entry.objects.filter(action=RENAMED[0])
    assert sorted(event["id"] for event in taken) == sorted(written.values_list("seal__position", flat=True))
    for card in range(CARDS):
        ids = [event["id"] for event in taken if event["subject"] == f"cards.card:{card}"]
        assert ids == sorted(ids), card
    assert Attempt.objects.filter(ok=False).exists()


@pytest.mark.django_db(transaction=True)
def test_several_runs_beside_each_other_hold_no_more_calls_than_one() -> None:
    """However many workers are at it, a slow receiver is called four times at once."""
    with hook() as slow:
        slow.stall_s = 0.2
        webhook = webhook_of(address=slow.url, actions=RENAMED)
        for number in range(24):
            happens(f"cards.card:{number}")
        seal_journal(now=timezone.now())
        spread(now=timezone.now())
        most: list[int] = []
        with ThreadPoolExecutor(4) as pool:
            runs = [pool.submit(beside(lambda: send_due(until=soon()))) for _run in range(4)]
            while not all(run.done() for run in runs):
                most.append(webhook.deliveries.filter(state=DeliveryState.SENDING).count())
                time.sleep(0.01)
            for run in runs:
                run.result()
    assert max(most) == CALLS_AT_ONCE_EACH
    assert len(slow.came) == 24


@pytest.mark.django_db
def test_what_waits_or_failed_is_in_the_metrics(client, now) -> None:
    delivery = delivery_of()
    other = webhook_of(actions=RENAMED)
    happens()
    seal_journal(now=timezone.now())
    spread(now=timezone.now())
    happens()

    def shown() -> dict[str, float]:
        lines = client.get("/metrics").content.decode().splitlines()
        return {
            name: float(figure)
            for name, figure in (line.rsplit(" ", 1) for line in lines if line.startswith(OURS))
            if not name.endswith("_seconds")
        }

    assert shown() == {
        "cardfleet_journal_unsealed": 1,
        'cardfleet_webhook_waiting{how="on_time"}': 2,
        'cardfleet_webhook_waiting{how="late"}': 1,
        'cardfleet_webhook_waiting{how="off"}': 0,
        "cardfleet_webhook_failed": 0,
        "cardfleet_webhooks_disabled": 0,
    }
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.FAILED)
    Webhook.objects.filter(pk=other.pk).update(is_active=False, disabled_for=DisabledFor.SILENT)
    found = shown()
    assert (found["cardfleet_webhook_failed"], found["cardfleet_webhooks_disabled"]) == (1, 1)
    assert found['cardfleet_webhook_waiting{how="off"}'] == 1
