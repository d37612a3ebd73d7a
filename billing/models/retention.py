"""How long each category of data is kept."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text
from cardfleet.kernel.retention import label_of


class RetentionRule(models.Model):
    """The months a category of `cardfleet.kernel.retention` is kept, this one not counted.

    `floor` is the law's, as the list of categories has it, and cannot be undercut. `dropped_before`: everything
    before this day is gone but what was held, by a retention run at `dropped_at`. It never moves back, so that a longer
    retention does not let in again what was dropped. A run that would take more than `at_once` waits (`waiting`: for
    how much) until somebody confirms it for the days before `confirmed_before`.
    """

    category = models.CharField(_("data"), max_length=40, unique=True)
    months = models.PositiveSmallIntegerField(_("months kept"))
    floor = models.PositiveSmallIntegerField(_("at least (months)"), default=0)
    at_once = models.PositiveBigIntegerField(_("goes without asking, at most"), default=5000)
    dropped_before = models.DateField(_("dropped before"), null=True)
    dropped_at = models.DateTimeField(_("last dropped at"), null=True)
    waiting = models.PositiveBigIntegerField(_("waits for a word"), null=True)
    confirmed_before = models.DateField(_("confirmed before"), null=True)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("retention")
        verbose_name_plural = _("retention")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(months__gte=F("floor")), name="retention_keeps_to_the_law"),
        ]

    def __str__(self) -> str:
        return str(self.label)

    @property
    def label(self) -> Text:
        """What the category is called."""
        return label_of(self.category)
