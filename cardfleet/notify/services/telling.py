"""Telling people: a line in an inbox, a message in the outbox. Both are written in the deed's own transaction.

A key makes each exist once, however often the job that tells runs: `alert:17:opened`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.notify.models import Channel, InboxItem, Message
from cardfleet.notify.wording import Wording, word


@transaction.atomic
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
    wording = word(code, params, user.language)
    item = InboxItem(user=user, key=key, code=code, params=dict(params), url=url, created_at=now)
    InboxItem.objects.bulk_create([item], ignore_conflicts=True)
    if email and user.email:
        _queue(Message(key=f"{key}:person:{user.pk}", email=user.email), wording, now)


@transaction.atomic
def tell_channel(*, channel: Channel, code: str, params: Mapping[str, Any], key: str, now: datetime) -> None:
    """Put a message for a channel into the outbox, in the installation's language."""
    _queue(Message(key=f"{key}:channel:{channel.pk}", channel=channel), word(code, params), now)


def _queue(message: Message, wording: Wording, now: datetime) -> None:
    message.subject, message.body = str(wording.subject)[:200], str(wording.body)
    message.created_at = message.due_at = now
    Message.objects.bulk_create([message], ignore_conflicts=True)
