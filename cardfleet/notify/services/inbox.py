"""Reading one's inbox. No journal: it is the reader's own."""

from datetime import datetime

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.kernel.errors import NotVisible
from cardfleet.notify.models import InboxItem


@transaction.atomic
def open_item(*, pk: int, person: User, now: datetime) -> InboxItem:
    """Mark a line as read and return it. NotVisible when it is not the person's."""
    item = InboxItem.objects.of(person).filter(pk=pk).first()
    if item is None:
        raise NotVisible
    if item.read_at is None:
        item.read_at = now
        item.save(update_fields=["read_at"])
    return item


@transaction.atomic
def read_all(*, person: User, now: datetime) -> int:
    """Mark all lines as read and return how many were not."""
    return InboxItem.objects.of(person).unread().update(read_at=now)
