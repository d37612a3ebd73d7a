"""Emptying the outbox: claim one message, try it, write down what came of it.

A message is claimed by a locked conditional update and sent outside any transaction. A worker that dies between
sending and writing lets it go out a second time after ten minutes; one that wrote "sent" never does.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.notify.channels.letter import Letter
from cardfleet.notify.channels.sending import send
from cardfleet.notify.choices import ChannelKind, MessageState
from cardfleet.notify.errors import NotFailed, Undelivered
from cardfleet.notify.models import Channel, Delivery, Message
from cardfleet.notify.services.channels import disable_channel
from cardfleet.notify.services.telling import tell

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
# What is younger leaves by itself; what waited longer, with the others that did.
WAITED = timedelta(minutes=2)
MOST_RIDERS = 50


@dataclass(frozen=True)
class Bundle:
    """A claimed message, and those for the same place that waited beside it and go in one letter with it."""

    head: Message
    riders: Sequence[Message] = ()

    @property
    def letter(self) -> Letter:
        """What is sent."""
        head, channel = self.head, self.head.channel
        texts = [f"{message.subject}\n{message.body}" for message in (head, *self.riders)]
        return Letter(
            address=channel.address if channel else head.email,
            secret=channel.secret if channel else "",
            subject=_("Messages that waited: {count}").format(count=len(texts)) if self.riders else head.subject,
            body="\n\n".join(texts) if self.riders else head.body,
            attachment=head.attachment,
        )


@transaction.atomic
def claim(*, now: datetime, passing_over: Collection[int | None] = ()) -> Bundle | None:
    """Take the next due message for this worker, with what has waited for the same place, or None.

    What waited, for quiet hours to end or for a channel to recover, leaves as one letter rather than as a flood.
    `passing_over` are channels that just failed, by id, None for e-mail to persons: they get a minute's rest.
    """
    due = Message.objects.due(now).exclude(channel__in=[pk for pk in passing_over if pk])
    if None in passing_over:
        due = due.exclude(channel__isnull=True)
    head = due.select_for_update(of=("self",), skip_locked=True).select_related("channel", "attachment").first()
    if head is None:
        return None
    waited = Message.objects.due(now).filter(channel=head.channel_id, email=head.email, created_at__lte=now - WAITED)
    waited = waited.filter(state=MessageState.PENDING, attachment__isnull=True).exclude(pk=head.pk)
    others = waited if head.created_at <= now - WAITED and not head.attachment_id else None
    riders = list(others.select_for_update(of=("self",), skip_locked=True)[:MOST_RIDERS]) if others is not None else []
    head.state, head.claimed_at, head.attempts = MessageState.SENDING, now, head.attempts + 1
    head.save(update_fields=["state", "claimed_at", "attempts"])
    Message.objects.filter(pk__in=[rider.pk for rider in riders]).update(state=MessageState.SENDING, claimed_at=now)
    for rider in riders:
        rider.claimed_at = now
    return Bundle(head, riders)


def deliver(*, bundle: Bundle, now: datetime) -> Delivery:
    """Send what was claimed and return the delivery of the head written down."""
    channel = bundle.head.channel
    try:
        said = send(channel.kind if channel else ChannelKind.EMAIL, bundle.letter)
    except Undelivered as failure:
        return record_failure(bundle=bundle, failure=failure, now=now)
    return record_success(bundle=bundle, said=said, now=now)


@transaction.atomic
def record_success(*, bundle: Bundle, said: str, now: datetime) -> Delivery:
    """Write down that messages were sent."""
    sent = (bundle.head, *bundle.riders)
    for message in sent:
        _mine(message).update(state=MessageState.SENT, sent_at=now)
    deliveries = [Delivery(message=message, at=now, ok=True, detail=said) for message in sent]
    return Delivery.objects.bulk_create(deliveries)[0]


@transaction.atomic
def record_failure(*, bundle: Bundle, failure: Undelivered, now: datetime) -> Delivery:
    """Write down a failure: try again later, give up after the last back-off, disable a channel that never works.

    What rode along waits on as it was: only the head's attempt counts.
    """
    message = bundle.head
    given_up = failure.permanent or message.attempts > len(BACK_OFF)
    if given_up:
        _mine(message).update(state=MessageState.FAILED)
    else:
        due_at = now + BACK_OFF[message.attempts - 1]
        _mine(message).update(state=MessageState.PENDING, due_at=due_at, claimed_at=None)
    for rider in bundle.riders:
        _mine(rider).update(state=MessageState.PENDING, claimed_at=None)
    if failure.permanent and message.channel:
        disable_channel(channel=message.channel, reason=failure.detail, now=now)
        _tell_keepers(message.channel, failure.detail, now)
    return Delivery.objects.create(
        message=message, at=now, ok=False, permanent=failure.permanent, detail=failure.detail
    )


@transaction.atomic
def send_again(*, message: Message, actor: User, now: datetime) -> Message:
    """Put a message that failed for good back into the outbox, with all its attempts before it. NotFailed."""
    message = Message.objects.locked().get(pk=message.pk)
    if message.state != MessageState.FAILED:
        raise NotFailed
    message.state, message.due_at, message.claimed_at, message.attempts = MessageState.PENDING, now, None, 0
    message.save(update_fields=["state", "due_at", "claimed_at", "attempts"])
    record(actor=actor, action="notify.message_resent", subject=message, now=now)
    return message


def _mine(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, state=MessageState.SENDING, claimed_at=message.claimed_at)


def _tell_keepers(channel: Channel, detail: str, now: datetime) -> None:
    """Tell those who can put a channel right: whose own it is, else the keepers of channels."""
    keepers = User.objects.with_right("notify.change_channel")
    if channel.owner_id:
        keepers = User.objects.filter(pk=channel.owner_id)
    for keeper in keepers:
        tell(
            user=keeper,
            code="notify.channel_disabled",
            params={"channel": channel.name, "detail": detail},
            key=f"channel:{channel.pk}:disabled:{now.isoformat()}",
            now=now,
        )
