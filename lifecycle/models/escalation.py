"""When an alert that nobody sees to is told to whom next."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.choices import Role
from cards.choices import Severity


class EscalationStep(models.Model):
    """After so many hours without anybody seeing to an alert of a severity, people of a role are told; empty: never."""

    severity = models.CharField(_("severity"), max_length=8, choices=Severity)
    level = models.PositiveSmallIntegerField(_("step"))
    after_hours = models.PositiveSmallIntegerField(
        _("after hours"), null=True, blank=True, help_text=_("Counted from when the alert began to wait. Empty: never.")
    )
    role = models.CharField(_("role"), max_length=16, choices=Role)

    class Meta:
        verbose_name = _("step of escalation")
        verbose_name_plural = _("steps of escalation")
        ordering = ["severity", "level"]
        constraints = [
            models.UniqueConstraint(fields=["severity", "level"], name="escalation_step_once"),
            models.CheckConstraint(condition=Q(level__gte=1), name="escalation_level_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.severity} {self.level}"
