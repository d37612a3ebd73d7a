"""Telling people: a line in an inbox, a message in the outbox. Both are written in the deed's own transaction.

A key makes each exist once, however often the job that tells runs: `alert:17:opened`. What leaves the house waits for
the end of the quiet hours of whom it goes to; the inbox never waits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.notify.choices import Urgency
from cardfleet.notify.models import Channel, InboxItem, Message
from cardfleet.notify.rules.quiet import send_at
from cardfleet.notify.rules.wishes import Wishes
from cardfleet.notify.selectors import own_channels, wishes_of
from cardfleet.notify.wording import Wording, word


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What one person is told; `email` sends it outside, too: by mail where there is an address, by own channels."""

    user: User
    code: str
    params: Mapping[str, Any]
    key: str
    url: str = ""
    email: bool = False
    urgency: int = Urgency.NORMAL


def tell(
    *,
    user: User,
    code: str,
    params: Mapping[str, Any],
    key: str,
    now: datetime,
    url: str = "",
    email: bool = False,
) -> None:
    """Put a message into a person's inbox, with `email` also into the outbox."""
    tell_many(tellings=[Telling(user=user, code=code, params=params, key=key, url=url, email=email)], now=now)


@transaction.atomic
def tell_many(*, tellings: Sequence[Telling], now: datetime) -> None:
    """Tell many people, each what is theirs. The number of statements does not depend on how many there are."""
    InboxItem.objects.bulk_create(
        [
            InboxItem(user=one.user, key=one.key, code=one.code, params=dict(one.params), url=one.url, created_at=now)
            for one in tellings
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    outside = [one for one in tellings if one.email]
    if not outside:
        return
    people = {one.user.pk for one in outside}
    wishes, channels = wishes_of(people), own_channels(people)
    messages = [
        message for one in outside for message in _outside(one, wishes[one.user.pk], channels.get(one.user.pk, []), now)
    ]
    Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=1000)


@transaction.atomic
def tell_channel(
    *,
    channel: Channel,
    code: str,
    params: Mapping[str, Any],
    key: str,
    now: datetime,
    urgency: int = Urgency.NORMAL,
) -> None:
    """Put a message for a channel into the outbox, in the language of the installation or of whose own it is."""
    language = channel.owner.language if channel.owner else ""
    message = _to_channel(channel, key, word(code, params, language), now)
    message.due_at = send_at(channel.quiet, urgency=urgency, now=now)
    Message.objects.bulk_create([message], ignore_conflicts=True)


def _outside(one: Telling, wishes: Wishes, channels: Sequence[Channel], now: datetime) -> list[Message]:
    """Return what leaves for one person: a mail, and a message by each own channel that carries so much."""
    wording = word(one.code, one.params, one.user.language)
    found = [_to_channel(channel, one.key, wording, now) for channel in channels if one.urgency >= channel.least]
    if wishes.email and one.user.email:
        mail = Message(key=f"{one.key}:person:{one.user.pk}", email=one.user.email)
        found.append(_worded(mail, wording, now))
    for message in found:
        message.due_at = send_at(wishes.quiet, urgency=one.urgency, now=now)
    return found


def _to_channel(channel: Channel, key: str, wording: Wording, now: datetime) -> Message:
    return _worded(Message(key=f"{key}:channel:{channel.pk}", channel=channel), wording, now)


def _worded(message: Message, wording: Wording, now: datetime) -> Message:
    message.subject, message.body = str(wording.subject)[:200], str(wording.body)
    message.created_at = message.due_at = now
    return message
