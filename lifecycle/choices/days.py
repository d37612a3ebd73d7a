"""What a day is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarKind(models.TextChoices):
    """What a day is, where it is not what its weekday says."""

    HOLIDAY = "holiday", _("Public holiday")
    WORKDAY = "workday", _("Working day for a holiday")


class DayKind(models.TextChoices):
    """What a day is."""

    WORKDAY = "workday", _("Working day")
    WEEKEND = "weekend", _("Weekend")
    HOLIDAY = "holiday", _("Public holiday")
