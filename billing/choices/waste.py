"""Vocabulary of wasted money."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WasteKind(models.TextChoices):
    """What a fee was wasted on, each with another next step (R66, R94, R95)."""

    IDLE = "idle", _("Fee of a card nobody held")
    UNUSED = "unused", _("Fee of a card that was held and made no call")
    LOW_USE = "low_use", _("Plan of which little was used")
    UNASKED = "unasked", _("Value-added service")
