"""How a call was led, checked by a person (R58, R59, R60, R62)."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, ScriptVersion
from cards.models import Card
from lifecycle.choices import CheckCategory
from lifecycle.querysets import QualityCheckQuerySet

FIVE = [MinValueValidator(1), MaxValueValidator(5)]


class QualityCheck(models.Model):
    """One call of an agent as somebody heard it; no content and no callee's number is kept. Append-only.

    `courtesy`, `accuracy` and the customer's `satisfaction` are 1 to 5; `points` are 0 to 100
    (`lifecycle.rules.checked_calls`).
    """

    agent = models.ForeignKey(Agent, verbose_name=_("agent"), on_delete=models.PROTECT, related_name="checks")
    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    called_on = models.DateField(_("day of the call"))
    script = models.ForeignKey(
        ScriptVersion, verbose_name=_("script"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    courtesy = models.PositiveSmallIntegerField(_("courtesy"), validators=FIVE)
    accuracy = models.PositiveSmallIntegerField(_("accuracy"), validators=FIVE)
    no_pressure = models.BooleanField(_("no pressure"))
    identity_stated = models.BooleanField(_("identity stated"))
    opt_out_offered = models.BooleanField(_("offered not to be called again"))
    category = models.CharField(_("what was wrong"), max_length=10, choices=CheckCategory, blank=True)
    refused = models.BooleanField(_("the person refused further calls"), default=False)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True, validators=FIVE)
    points = models.PositiveSmallIntegerField(_("points"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(_("checked at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("checked by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = QualityCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("quality check")
        verbose_name_plural = _("quality checks")
        ordering = ["-id"]
        permissions = [
            ("check_quality", _("Can check the quality of calls")),
            ("view_performance", _("Can see the performance of agents")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(courtesy__range=(1, 5), accuracy__range=(1, 5), points__range=(0, 100)),
                name="check_marks_in_range",
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)), name="check_satisfaction_range"
            ),
        ]
        indexes = [models.Index(fields=["agent", "called_on"], name="quality_check_of")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.called_on} {self.points}"
