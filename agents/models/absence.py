"""When agents are away."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from agents.choices import AbsenceKind
from agents.models.agent import Agent
from agents.querysets import AbsenceQuerySet


class Absence(models.Model):
    """That an agent is away on whole Shanghai days, both named ones included; two of one agent never overlap."""

    agent = models.ForeignKey(Agent, verbose_name=_("agent"), on_delete=models.PROTECT, related_name="absences")
    kind = models.CharField(_("why away"), max_length=8, choices=AbsenceKind, default=AbsenceKind.LEAVE)
    starts_on = models.DateField(_("first day away"))
    ends_on = models.DateField(_("last day away"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_runs_forward"),
            ExclusionConstraint(
                name="absences_do_not_overlap",
                expressions=[
                    (Func(F("agent"), F("agent"), Value("[]"), function="int8range"), "&&"),
                    (Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange"), "&&"),
                ],
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], condition=Q(withdrawn_at__isnull=True), name="absence_last_day")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.starts_on} {self.ends_on}"
