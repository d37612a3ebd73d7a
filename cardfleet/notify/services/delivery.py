"""Emptying the outbox: claim one message, try it, write down what came of it.

A message is claimed by a locked conditional update and sent outside any transaction. A worker that dies between
sending and writing lets it go out a second time after ten minutes; one that wrote "sent" never does.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from cardfleet.accounts.models import User
from cardfleet.notify.channels.letter import Letter
from cardfleet.notify.channels.sending import send
from cardfleet.notify.choices import ChannelKind, MessageState
from cardfleet.notify.errors import Undelivered
from cardfleet.notify.models import Channel, Delivery, Message
from cardfleet.notify.services.channels import disable_channel
from cardfleet.notify.services.telling import tell

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))


@transaction.atomic
def claim_message(*, now: datetime, passing_over: Collection[int | None] = ()) -> Message | None:
    """Take the next due message for this worker, or None.

    `passing_over` are channels that just failed, by id, None for e-mail to persons: they get a minute's rest.
    """
    due = Message.objects.due(now).exclude(channel__in=[pk for pk in passing_over if pk])
    if None in passing_over:
        due = due.exclude(channel__isnull=True)
    message = due.select_for_update(of=("self",), skip_locked=True).select_related("channel").first()
    if message:
        message.state, message.claimed_at, message.attempts = MessageState.SENDING, now, message.attempts + 1
        message.save(update_fields=["state", "claimed_at", "attempts"])
    return message


def deliver(*, message: Message, now: datetime) -> Delivery:
    """Send a claimed message and return the delivery written down."""
    channel = message.channel
    letter = Letter(
        address=channel.address if channel else message.email,
        secret=channel.secret if channel else "",
        subject=message.subject,
        body=message.body,
    )
    try:
        said = send(channel.kind if channel else ChannelKind.EMAIL, letter)
    except Undelivered as failure:
        return record_failure(message=message, failure=failure, now=now)
    return record_success(message=message, said=said, now=now)


@transaction.atomic
def record_success(*, message: Message, said: str, now: datetime) -> Delivery:
    """Write down that a message was sent."""
    _mine(message).update(state=MessageState.SENT, sent_at=now)
    return Delivery.objects.create(message=message, at=now, ok=True, detail=said)


@transaction.atomic
def record_failure(*, message: Message, failure: Undelivered, now: datetime) -> Delivery:
    """Write down a failure: try again later, give up after the last back-off, disable a channel that never works."""
    given_up = failure.permanent or message.attempts > len(BACK_OFF)
    if given_up:
        _mine(message).update(state=MessageState.FAILED)
    else:
        due_at = now + BACK_OFF[message.attempts - 1]
        _mine(message).update(state=MessageState.PENDING, due_at=due_at, claimed_at=None)
    if failure.permanent and message.channel:
        disable_channel(channel=message.channel, reason=failure.detail, now=now)
        _tell_keepers(message.channel, failure.detail, now)
    return Delivery.objects.create(
        message=message, at=now, ok=False, permanent=failure.permanent, detail=failure.detail
    )


def _mine(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, state=MessageState.SENDING, claimed_at=message.claimed_at)


def _tell_keepers(channel: Channel, detail: str, now: datetime) -> None:
    keepers = User.objects.with_perm("notify.change_channel", backend="cardfleet.accounts.backends.StaffBackend")
    for keeper in keepers:
        tell(
            user=keeper,
            code="notify.channel_disabled",
            params={"channel": channel.name, "detail": detail},
            key=f"channel:{channel.pk}:disabled:{now.isoformat()}",
            now=now,
        )
