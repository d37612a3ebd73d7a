"""Industries that look through their numbers from time to time (R101)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NumberReviewPlan(models.Model):
    """Every how many days the numbers of an industry are reviewed: keep or cancel. A person decides each time."""

    industry = models.CharField(
        _("industry"),
        max_length=40,
        unique=True,
        help_text=_("As on the card."),
        error_messages={"unique": _("This industry has an interval already.")},
    )
    every_days = models.PositiveSmallIntegerField(_("every … days"), default=180)
    is_active = models.BooleanField(_("in force"), default=True)
    is_illustrative = models.BooleanField(_("illustrative"), default=True)

    class Meta:
        verbose_name = _("number review")
        verbose_name_plural = _("number reviews")
        ordering = ["industry"]
        constraints = [
            models.CheckConstraint(
                condition=Q(every_days__range=(7, 731)),
                violation_error_message=_("An interval is from 7 to 731 days."),
                name="number_review_interval_sane",
            )
        ]

    def __str__(self) -> str:
        return f"{self.industry} · {self.every_days}"
