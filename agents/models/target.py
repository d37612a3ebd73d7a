"""What is to be reached in a month, and how many calls a day (R31, R69)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.choices import Metric
from agents.models.agent import Agent
from agents.models.script import Script
from agents.querysets.work import CallPlanQuerySet, TargetQuerySet
from cardfleet.accounts.models import Team
from cards.choices import Purpose

OF_ONE = Q(team__isnull=False, agent__isnull=True) | Q(team__isnull=True, agent__isnull=False)


class Target(models.Model):
    """What a team or an agent is to reach in a month. `month` is its first day; a team's is split below it."""

    month = models.DateField(_("month"))
    metric = models.CharField(_("what counts"), max_length=8, choices=Metric)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="targets"
    )
    agent = models.ForeignKey(
        Agent, verbose_name=_("agent"), on_delete=models.PROTECT, null=True, blank=True, related_name="targets"
    )
    value = models.PositiveIntegerField(_("target"))
    set_at = models.DateTimeField(_("set at"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("set by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["-month", "metric", "id"]
        constraints = [
            models.CheckConstraint(condition=OF_ONE, name="target_of_a_team_or_an_agent"),
            models.CheckConstraint(condition=Q(month__day=1), name="target_of_a_month"),
            models.UniqueConstraint(
                fields=["month", "metric", "team", "agent"], nulls_distinct=False, name="target_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.metric} {self.value}"


class CallPlan(models.Model):
    """How many calls a day an agent, or each agent of a team and below, makes within some days, for what and how."""

    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agent = models.ForeignKey(
        Agent, verbose_name=_("agent"), on_delete=models.PROTECT, null=True, blank=True, related_name="call_plans"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    calls = models.PositiveSmallIntegerField(_("calls a day"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, blank=True)
    script = models.ForeignKey(
        Script, verbose_name=_("script"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = CallPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("call plan")
        verbose_name_plural = _("call plans")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=OF_ONE, name="call_plan_of_a_team_or_an_agent"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="call_plan_runs_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.calls}"
