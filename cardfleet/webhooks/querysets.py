"""How webhooks and the events for them are found."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db.models import Exists, OuterRef, Q

from cardfleet.kernel.querysets import LockableQuerySet
from cardfleet.webhooks.choices import OPEN, DeliveryState

if TYPE_CHECKING:
    from cardfleet.webhooks.models import Delivery, Webhook

# A call takes ten seconds at most; who claimed longer ago is dead.
CLAIM_LASTS = timedelta(minutes=1)


class WebhookQuerySet(LockableQuerySet["Webhook"]):
    """Webhooks."""

    def active(self) -> Self:
        """Return those that are told of events."""
        return self.filter(is_active=True)


class DeliveryQuerySet(LockableQuerySet["Delivery"]):
    """Events for webhooks."""

    def due(self, now: datetime, *, passing_over: Collection[int] = ()) -> Self:
        """Return what is to be sent, the oldest first: waiting and due, or claimed by a worker that must have died.

        Nothing is due while an earlier event for the same receiver that shares a lane with it still waits.
        """
        waiting = Q(state=DeliveryState.PENDING, due_at__lte=now)
        abandoned = Q(state=DeliveryState.SENDING, claimed_at__lte=now - CLAIM_LASTS)
        before = self.model.objects.filter(
            state__in=OPEN, webhook=OuterRef("webhook"), seal__lt=OuterRef("seal"), lanes__overlap=OuterRef("lanes")
        )
        due = self.filter(waiting | abandoned, ~Exists(before), webhook__is_active=True)
        return due.exclude(webhook__in=passing_over).order_by("seal", "pk")

    def for_sending(self) -> Self:
        """Return them with all that is sent."""
        return self.select_related("webhook__owner", "seal__entry__actor")
