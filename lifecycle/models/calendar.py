"""Which days are holidays by the State Council's notice, and which weekend days are worked for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lifecycle.choices import CalendarKind


class CalendarDay(models.Model):
    """A day that is not what its weekday says. A year without any is not known yet and goes by its weekdays."""

    day = models.DateField(_("day"), unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=CalendarKind)
    name = models.CharField(_("name"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}".strip()
