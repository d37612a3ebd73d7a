"""How channels, messages and inbox items are found."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from cardfleet.accounts.models import Team, User
from cardfleet.kernel.querysets import LockableQuerySet
from cardfleet.notify.choices import MessageState

if TYPE_CHECKING:
    from cardfleet.notify.models import Channel, InboxItem, Message

CLAIM_LASTS = timedelta(minutes=10)


class ChannelQuerySet(LockableQuerySet["Channel"]):
    """Channels."""

    def active(self) -> Self:
        """Return those that messages leave by."""
        return self.filter(is_active=True)

    def serving(self, team: Team | None) -> Self:
        """Return the active channels of everybody, of a team and of the units above it."""
        above = [int(part) for part in str(team.path).split("/") if part] if team else []
        return self.active().filter(Q(team__isnull=True) | Q(team__in=above))


class MessageQuerySet(LockableQuerySet["Message"]):
    """Messages in the outbox."""

    def due(self, now: datetime) -> Self:
        """Return what is to be sent: waiting and due, or claimed so long ago that its worker must have died.

        Messages of a disabled channel wait until it is put right.
        """
        waiting = Q(state=MessageState.PENDING, due_at__lte=now)
        abandoned = Q(state=MessageState.SENDING, claimed_at__lte=now - CLAIM_LASTS)
        return self.filter(waiting | abandoned).exclude(channel__is_active=False).order_by("due_at", "pk")


class InboxQuerySet(models.QuerySet["InboxItem"]):
    """Lines of inboxes."""

    def of(self, person: User) -> Self:
        """Return a person's own lines, newest first."""
        return self.filter(user=person).order_by("-id")

    def unread(self) -> Self:
        """Return lines nobody opened yet."""
        return self.filter(read_at__isnull=True)
