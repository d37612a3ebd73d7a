"""Vocabulary of views and reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileForm(models.TextChoices):
    """What a list is written as."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel (XLSX)"


class Every(models.TextChoices):
    """How often a report is sent."""

    DAY = "day", _("Every day")
    WORKDAY = "workday", _("Monday to Friday")
    WEEK = "week", _("Every week")
    MONTH = "month", _("Every month")


class Weekday(models.IntegerChoices):
    """Days of the week as ISO counts them."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class WhyStopped(models.TextChoices):
    """Why a report is sent no more."""

    BY_HAND = "by_hand", _("Stopped by a person.")
    OWNER_LEFT = "owner_left", _("Whose report it is has left.")
    RIGHT_LOST = "right_lost", _("Whose report it is may no longer take this list out.")
    VIEW_DELETED = "view_deleted", _("Its view was deleted.")
    VIEW_HIDDEN = "view_hidden", _("Its view is no longer shared with whose report it is.")
    VIEW_UNUSABLE = "view_unusable", _("A filter of its view cannot be used any more.")
    NO_RECIPIENT = "no_recipient", _("Nobody is left who may receive it.")
