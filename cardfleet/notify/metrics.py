"""What of messages to people shows in `/metrics`."""

from datetime import timedelta

from django.db.models import F, Max, Min
from django.utils import timezone

from cardfleet.kernel.gauges import register
from cardfleet.notify.choices import MessageState
from cardfleet.notify.models import Channel, Delivery, Message

HOUR = timedelta(hours=1)
# Newest first, so that what was counted does not grow with the outbox.
LATELY = 1000


def waiting() -> dict[str, float]:
    """Count the messages that are due and did not leave yet."""
    return {"": Message.objects.due(timezone.now()).count()}


def longest_wait() -> dict[str, float]:
    """Return how many seconds ago the oldest of them was due."""
    now = timezone.now()
    oldest = Message.objects.due(now).order_by().aggregate(at=Min("due_at"))["at"]
    return {"": (now - oldest).total_seconds() if oldest else 0}


def delay() -> dict[str, float]:
    """Return the longest time in seconds from due to sent, of the newest messages that left within the last hour."""
    newest = Message.objects.filter(pk__in=Message.objects.order_by("-pk").values("pk")[:LATELY])
    left = newest.filter(state=MessageState.SENT, sent_at__gt=timezone.now() - HOUR).order_by()
    longest = left.aggregate(took=Max(F("sent_at") - F("due_at")))["took"]
    return {"": max(longest.total_seconds(), 0) if longest else 0}


def failures() -> dict[str, float]:
    """Count the attempts of the last hour that failed, by whether they are made again."""
    newest = Delivery.objects.filter(pk__in=Delivery.objects.order_by("-pk").values("pk")[:LATELY])
    failed = list(newest.filter(ok=False, at__gt=timezone.now() - HOUR).values_list("permanent", flat=True))
    return {"for_good": sum(failed), "tried_again": len(failed) - sum(failed)}


def switched_off() -> dict[str, float]:
    """Count the channels that were disabled because messages could not leave by them."""
    return {"": Channel.objects.filter(is_active=False).exclude(disabled_reason="").count()}


register("cardfleet_messages_due", "Messages to people that are due and did not leave yet", waiting)
register("cardfleet_messages_late_seconds", "Since when the oldest of them is due", longest_wait)
register("cardfleet_messages_delay_seconds", "Longest time from due to sent within the last hour", delay)
register("cardfleet_messages_failures", "Attempts of the last hour that failed", failures, label="then")
register("cardfleet_channels_disabled", "Channels that were disabled because nothing left by them", switched_off)
