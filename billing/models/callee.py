"""Who was called, by day, over all cards: what the cap on repeats needs (R40)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.choices import SourceRole


class CalleeDay(models.Model):
    """The outgoing calls to one number on a Shanghai day as one role of source saw them, kept 31 days.

    `starts` and `cards` belong together, a call each. Call records are found by card only (design, section 5), so a
    job gathers these beside the imports; they are up to ten minutes behind.
    """

    pk = models.CompositePrimaryKey("counterpart", "day", "role")
    counterpart = models.CharField(_("other number"), max_length=32)
    day = models.DateField(_("day"), db_index=True)
    role = models.CharField(_("role"), max_length=8, choices=SourceRole)
    starts = ArrayField(models.DateTimeField(), verbose_name=_("start"))
    cards = ArrayField(models.BigIntegerField(), verbose_name=_("cards"))

    class Meta:
        verbose_name = _("calls to a number")
        verbose_name_plural = _("calls to numbers")

    def __str__(self) -> str:
        return f"{self.day} {self.role}"
