"""Vocabulary of the accounting export."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VoucherValue(models.TextChoices):
    """What a column of the accounting export may hold."""

    DATE = "date", _("Last day of the month")
    MONTH = "month", _("Month")
    LINE = "line", _("Number of the line")
    TEXT = "text", _("Text")
    ACCOUNT = "account", _("Account in the books")
    CENTRE = "centre", _("Cost centre")
    TEAM = "team", _("Team")
    KIND = "kind", _("Kind")
    DEBIT = "debit", _("Debit")
    CREDIT = "credit", _("Credit")
