"""How customers learn of a new number."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeChannel(models.TextChoices):
    """How a customer is told that a number changed."""

    SMS = "sms", _("Short message")
    EMAIL = "email", _("E-mail")


class NoticeResult(models.TextChoices):
    """What came of telling somebody, as a person recorded it."""

    WAITING = "waiting", _("To be told")
    SENT = "sent", _("Told")
    FAILED = "failed", _("Not reached")
    REFUSED = "refused", _("Wants no further messages")
