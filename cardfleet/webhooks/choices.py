"""Vocabulary of webhooks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    """Where an event for a receiver is. `failed` was tried for a day while others got through."""

    PENDING = "pending", _("Waiting")
    SENDING = "sending", _("Being sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed for good")


class DisabledFor(models.TextChoices):
    """Why a webhook was switched off by itself."""

    GONE = "gone", _("The receiver answered that it is gone (410).")
    SILENT = "silent", _("Nothing got through for a day.")
    OWNER = "owner", _("Its owner has no access any more, or may not read the journal.")


OPEN = frozenset({DeliveryState.PENDING, DeliveryState.SENDING})
