"""Sending events: claim some, send them outside any transaction, write down what came of each.

A worker that dies between sending and writing lets the event go out a second time after a minute; its id is the same.
"""

from collections.abc import Collection
from datetime import datetime

import orjson
from django.db import connection, transaction
from django.db.models import Count, F, Value
from django.db.models.functions import Coalesce

from cardfleet.accounts.models import User
from cardfleet.journal.events import event_of
from cardfleet.journal.recording import record
from cardfleet.webhooks.channels.receiver import Outcome, Parcel
from cardfleet.webhooks.choices import DeliveryState, DisabledFor
from cardfleet.webhooks.errors import BeingSent, WebhookOff
from cardfleet.webhooks.models import Attempt, Delivery, Webhook
from cardfleet.webhooks.querysets import CLAIM_LASTS
from cardfleet.webhooks.rules.retrying import next_try
from cardfleet.webhooks.services.webhooks import disable_webhook, tell_owner

GONE = 410
CALLS_AT_ONCE = 16
# A receiver that is slow holds so many calls, never all of them.
CALLS_AT_ONCE_EACH = 4


@transaction.atomic
def claim(*, now: datetime, most: int = CALLS_AT_ONCE_EACH, passing_over: Collection[int] = ()) -> list[Delivery]:
    """Take the next due events for this worker; `passing_over` are webhooks, by id.

    However many workers are at it, no more events are on their way at once than CALLS_AT_ONCE, and than
    CALLS_AT_ONCE_EACH to one webhook.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('webhooks.claim'))")
    room = _room(now)
    full = {pk for pk, left in room.items() if left <= 0}
    most = min(most, CALLS_AT_ONCE - sum(CALLS_AT_ONCE_EACH - left for left in room.values()))
    due = Delivery.objects.due(now, passing_over={*passing_over, *full}).values_list("pk", "webhook")
    pks = []
    for pk, webhook in due.select_for_update(of=("self",))[: max(most, 0)]:
        room[webhook] = room.get(webhook, CALLS_AT_ONCE_EACH) - 1
        if room[webhook] >= 0:
            pks.append(pk)
    mine = Delivery.objects.filter(pk__in=pks)
    mine.update(
        state=DeliveryState.SENDING,
        claimed_at=now,
        tries=F("tries") + 1,
        tried_since=Coalesce("tried_since", Value(now)),
    )
    return list(mine.for_sending().order_by("seal"))


def _room(now: datetime) -> dict[int, int]:
    """Return how many more calls each webhook that is being called may hold."""
    sending = Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__gt=now - CLAIM_LASTS)
    counts = sending.order_by().values_list("webhook").annotate(count=Count("pk"))
    return {pk: CALLS_AT_ONCE_EACH - count for pk, count in counts}


def parcel_of(*, delivery: Delivery, now: datetime) -> Parcel:
    """Return what is sent: the event as the feed shows it, signed for this moment."""
    event = event_of(delivery.seal)
    return Parcel(
        address=delivery.webhook.address,
        secrets=delivery.webhook.secrets_at(now),
        event_id=delivery.event_id,
        timestamp=int(now.timestamp()),
        body=orjson.dumps({"type": event["type"], "timestamp": event["time"], "data": event}),
    )


@transaction.atomic
def settle(*, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """Write down what came of an attempt: delivered, to be tried again, failed for good, or the webhook off.

    Where nothing got through since this event was first tried, the receiver is at fault: the webhook is switched off
    after a day and all of it waits. Where others got through, this one event fails for good, and those after it go on.
    Nothing happens when another worker has taken the event over meanwhile, but the attempt is written down.
    """
    webhook = delivery.webhook
    Attempt.objects.create(
        delivery=delivery, at=now, ok=outcome.ok, status=outcome.status, ms=outcome.ms, answer=outcome.answer
    )
    mine = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING, claimed_at=delivery.claimed_at)
    if outcome.ok:
        mine.update(state=DeliveryState.DELIVERED, delivered_at=now, claimed_at=None)
        Webhook.objects.filter(pk=webhook.pk).update(last_success_at=now)
        return
    since = delivery.tried_since or now
    again = next_try(attempts=delivery.tries, first_at=since, now=now)
    if outcome.status == GONE or again:
        mine.update(state=DeliveryState.PENDING, due_at=again or now, claimed_at=None)
        if outcome.status == GONE:
            disable_webhook(webhook=webhook, why=DisabledFor.GONE, now=now)
    elif Webhook.objects.filter(pk=webhook.pk, last_success_at__gte=since).exists():
        if mine.update(state=DeliveryState.FAILED, claimed_at=None):
            tell_owner(webhook=webhook, code="webhooks.event_failed", key=f"event:{delivery.pk}", now=now)
    else:
        mine.update(state=DeliveryState.PENDING, due_at=now, claimed_at=None)
        disable_webhook(webhook=webhook, why=DisabledFor.SILENT, now=now)


@transaction.atomic
def replay(*, delivery: Delivery, actor: User, now: datetime) -> Delivery:
    """Send an event once more, whatever came of it; receivers know it by its id. BeingSent, WebhookOff."""
    delivery = Delivery.objects.locked().select_related("webhook").get(pk=delivery.pk)
    if not delivery.webhook.is_active:
        raise WebhookOff
    if delivery.state == DeliveryState.SENDING:
        raise BeingSent
    delivery.state, delivery.due_at, delivery.tries, delivery.tried_since = DeliveryState.PENDING, now, 0, None
    delivery.save(update_fields=["state", "due_at", "tries", "tried_since"])
    related = (delivery.webhook,)
    data = {"event": delivery.seal_id}
    record(actor=actor, action="webhooks.event_replayed", subject=delivery, related=related, now=now, data=data)
    return delivery
