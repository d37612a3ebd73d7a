"""After the last fault: wait until nothing is left to do.

Claims of dead workers run out after one, two, ten and fifteen minutes. Those that show no sign of life any more are
made older here rather than waited for, so that what is proven is that they are taken up, and not that a clock goes.
"""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import F
from django.utils import timezone

from cardfleet.jobs.choices import ENDED, JobState
from cardfleet.jobs.models import Job, ScheduledRun
from cardfleet.journal.models import Entry, Seal
from cardfleet.kernel.dropped import UNFINISHED
from cardfleet.notify.choices import MessageState
from cardfleet.notify.models import Message
from cardfleet.webhooks.choices import OPEN, DeliveryState
from cardfleet.webhooks.models import Delivery, Webhook
from lifecycle.choices import RunOutcome
from lifecycle.models import Connection, ConnectionRun

SILENT_FOR = timedelta(seconds=15)
LONG_AGO = timedelta(minutes=10)
LIMIT_S = 240


def wait(*, folder: Path) -> Mapping[str, int]:
    """Wait until nothing is left; return what is left after the limit, by what it is."""
    give_up, began = time.monotonic() + LIMIT_S, timezone.now()
    while True:
        age_abandoned()
        left = {name: number for name, number in what_is_left(folder, began).items() if number}
        if not left or time.monotonic() > give_up:
            return left
        time.sleep(1)


def age_abandoned() -> None:
    """Let claims that nobody holds run out now."""
    silent, ago = timezone.now() - SILENT_FOR, LONG_AGO
    Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=silent).update(heartbeat_at=F("heartbeat_at") - ago)
    lost = ConnectionRun.objects.filter(outcome=RunOutcome.RUNNING, started_at__lt=silent)
    Connection.objects.filter(pk__in=lost.values("connection")).update(next_try_at=timezone.now())
    age_claims()


def age_claims() -> None:
    """Let the claims of messages and events that nobody holds run out now."""
    silent = timezone.now() - SILENT_FOR
    for model, state in ((Message, MessageState.SENDING), (Delivery, DeliveryState.SENDING)):
        model.objects.filter(state=state, claimed_at__lt=silent).update(claimed_at=F("claimed_at") - LONG_AGO)


def what_is_left(folder: Path, began: datetime) -> dict[str, int]:
    """Return what waits or runs, and what beat did not do again since the faults ended."""
    files = [path for path in folder.glob("*/*") if path.is_file() and not path.name.endswith(UNFINISHED)]
    again = ScheduledRun.objects.filter(started_at__gte=began, ok=True)
    looked_at = Webhook.objects.values_list("position", flat=True).get()
    return {
        "jobs": Job.objects.exclude(state__in=ENDED).count(),
        "messages": Message.objects.exclude(state__in=(MessageState.SENT, MessageState.FAILED)).count(),
        "events for the webhook": Delivery.objects.filter(state__in=OPEN).count(),
        "entries without a place": Entry.objects.filter(seal=None).count(),
        "events the webhook did not look at": Seal.objects.filter(position__gt=looked_at).count(),
        "files in the folder": len(files),
        "turns of beat": int(not again.filter(name="rescue_jobs").exists()),
    }
