"""Vocabulary of plans and their prices."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Proration(models.TextChoices):
    """What days of a month that are not paid in full take off the monthly fee: nothing, their share, or all of it."""

    WHOLE = "whole", _("Whole fee")
    DAYS = "days", _("By days")
    NONE = "none", _("No fee")
