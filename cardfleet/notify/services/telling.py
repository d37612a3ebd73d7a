"""Telling people: a line in an inbox, a message in the outbox. Both are written in the deed's own transaction.

A key makes each exist once, however often the job that tells runs: `alert:17:opened`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.notify.models import Channel, InboxItem, Message
from cardfleet.notify.wording import Wording, word


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What one person is told; `email` sends it to those who have an address, too."""

    user: User
    code: str
    params: Mapping[str, Any]
    key: str
    url: str = ""
    email: bool = False


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
    """Put a message into a person's inbox, with `email` also into the outbox for those who have an address."""
    tell_many(tellings=[Telling(user=user, code=code, params=params, key=key, url=url, email=email)], now=now)


@transaction.atomic
def tell_many(*, tellings: Sequence[Telling], now: datetime) -> None:
    """Tell many people, each what is theirs. The number of statements does not depend on how many there are."""
    items, messages = [], []
    for one in tellings:
        wording = word(one.code, one.params, one.user.language)
        items.append(
            InboxItem(user=one.user, key=one.key, code=one.code, params=dict(one.params), url=one.url, created_at=now)
        )
        if one.email and one.user.email:
            mail = Message(key=f"{one.key}:person:{one.user.pk}", email=one.user.email)
            messages.append(_worded(mail, wording, now))
    InboxItem.objects.bulk_create(items, ignore_conflicts=True, batch_size=1000)
    Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=1000)


@transaction.atomic
def tell_channel(*, channel: Channel, code: str, params: Mapping[str, Any], key: str, now: datetime) -> None:
    """Put a message for a channel into the outbox, in the installation's language."""
    message = _worded(Message(key=f"{key}:channel:{channel.pk}", channel=channel), word(code, params), now)
    Message.objects.bulk_create([message], ignore_conflicts=True)


def _worded(message: Message, wording: Wording, now: datetime) -> Message:
    message.subject, message.body = str(wording.subject)[:200], str(wording.body)
    message.created_at = message.due_at = now
    return message
