"""Events on their way to receivers."""

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import date, datetime, timedelta

from celery.schedules import schedule
from django.utils import timezone

from cardfleet.jobs.scheduling import scheduled
from cardfleet.journal.sealing import seal_journal
from cardfleet.webhooks.channels.receiver import Outcome, send
from cardfleet.webhooks.models import Delivery
from cardfleet.webhooks.services.delivery import CALLS_AT_ONCE, claim, parcel_of, settle
from cardfleet.webhooks.services.spreading import spread

RUN_LASTS = timedelta(seconds=20)


@scheduled("deliver_webhooks", schedule(timedelta(seconds=10)))
def deliver_webhooks(*, on: date, now: datetime) -> dict[str, int]:
    """Seal what was done, give each webhook what it asks for, and send what is due."""
    seal_journal(now=now)
    found = spread(now=now)
    return {"found": found, **send_due(until=timezone.now() + RUN_LASTS)}


def send_due(*, until: datetime) -> dict[str, int]:
    """Send what is due, several at once, and return how many got through and how many did not.

    Calls are made in threads, everything else in this one. A receiver that fails rests until the next run. A run beside
    another one finds what that has left, and ends where nothing is.
    """
    counts, calls, resting = {"delivered": 0, "failed": 0}, dict[Future[Outcome], Delivery](), set[int]()
    with ThreadPoolExecutor(CALLS_AT_ONCE) as pool:
        while True:
            if len(calls) < CALLS_AT_ONCE and timezone.now() < until:
                for delivery in claim(now=timezone.now(), passing_over=resting):
                    calls[pool.submit(send, parcel_of(delivery=delivery, now=timezone.now()))] = delivery
            if not calls:
                return counts
            for call in wait(calls, return_when=FIRST_COMPLETED).done:
                delivery, outcome = calls.pop(call), call.result()
                settle(delivery=delivery, outcome=outcome, now=timezone.now())
                counts["delivered" if outcome.ok else "failed"] += 1
                if not outcome.ok:
                    resting.add(delivery.webhook_id)
