"""How long each category of data is kept."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.choices import RetainedData


class RetentionRule(models.Model):
    """The months a category is kept, this one not counted. The floor of the law cannot be undercut.

    `dropped_before`: everything before this day is gone, by a retention run at `dropped_at`. It never moves back,
    so that a longer retention does not let in again what was dropped.
    """

    category = models.CharField(_("data"), max_length=8, choices=RetainedData, unique=True)
    months = models.PositiveSmallIntegerField(_("months kept"))
    dropped_before = models.DateField(_("dropped before"), null=True)
    dropped_at = models.DateTimeField(_("last dropped at"), null=True)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("retention")
        verbose_name_plural = _("retention")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(months__gte=6) & ~Q(category="consents"))
                | Q(category="rejects", months__gte=2)
                | Q(months__gte=60),
                name="retention_keeps_to_the_law",
            )
        ]

    def __str__(self) -> str:
        return self.get_category_display()
