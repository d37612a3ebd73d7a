"""Sending a file to a person: by e-mail where there is an address, and in the inbox in any case."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.notify.models import Message
from cardfleet.notify.services.telling import tell
from cardfleet.notify.wording import word


@transaction.atomic
def mail_file(
    *,
    user: User,
    code: str,
    params: Mapping[str, Any],
    file: StoredFile,
    attached: bool,
    key: str,
    now: datetime,
) -> None:
    """Tell a person of a file that is there for them; with `attached` it goes along by e-mail. The key: once.

    What was asked for goes out at its time: quiet hours and topics are about what CardFleet says of itself.
    """
    tell(user=user, code=code, params=params, key=key, url=reverse("files:download", args=[file.pk]), now=now)
    if not user.email:
        return
    wording = word(code, params, user.language)
    message = Message(
        key=f"{key}:person:{user.pk}",
        email=user.email,
        subject=str(wording.subject)[:200],
        body=str(wording.body),
        attachment=file if attached else None,
        created_at=now,
        due_at=now,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
