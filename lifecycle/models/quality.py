"""How good the calls of a card were, said by who made them (R77, R78)."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.models import Card
from lifecycle.choices import QualityCause
from lifecycle.models.case import Case
from lifecycle.querysets import CallQualityQuerySet
from lifecycle.rules.quality import BEST, POOR, WORST


class CallQuality(models.Model):
    """An opinion of the calls of a card: 1 bad to 5 good, a poor one with its cause. Append-only."""

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(
        _("quality"), validators=[MinValueValidator(WORST), MaxValueValidator(BEST)]
    )
    cause = models.CharField(_("what was wrong"), max_length=8, choices=QualityCause, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("said by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    case = models.ForeignKey(Case, verbose_name=_("case"), on_delete=models.PROTECT, null=True, related_name="+")

    objects = CallQualityQuerySet.as_manager()

    class Meta:
        verbose_name = _("quality of calls")
        verbose_name_plural = _("quality of calls")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=WORST, score__lte=BEST), name="quality_score_range"),
            models.CheckConstraint(
                condition=Q(score__gt=POOR, cause="") | Q(score__lte=POOR) & ~Q(cause=""),
                name="quality_poor_has_cause",
            ),
        ]
        indexes = [
            models.Index(fields=["card", "-at"], name="quality_of_card"),
            models.Index(fields=["at"], name="quality_at"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.card_id} {self.score}"
