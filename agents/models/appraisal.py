"""How agents are appraised, rewarded and penalised (R70, R71)."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.choices import RewardBasis, RewardKind
from agents.models.agent import Agent
from agents.querysets.work import AppraisalQuerySet, RewardQuerySet
from cardfleet.kernel.money import MoneyField


class Reward(models.Model):
    """An incentive or a penalty of a month as a record; nothing is paid here. It is taken back, never deleted."""

    agent = models.ForeignKey(Agent, verbose_name=_("agent"), on_delete=models.PROTECT, related_name="rewards")
    month = models.DateField(_("month"))
    kind = models.CharField(_("kind"), max_length=7, choices=RewardKind)
    basis = models.CharField(_("for"), max_length=12, choices=RewardBasis)
    amount = MoneyField(_("amount (CNY)"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = RewardQuerySet.as_manager()

    class Meta:
        verbose_name = _("reward or penalty")
        verbose_name_plural = _("rewards and penalties")
        ordering = ["-month", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="reward_of_a_month"),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="reward_amount_positive"),
        ]
        indexes = [models.Index(fields=["agent", "-month"], name="reward_of_agent")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.month:%Y-%m} {self.kind}"


class Appraisal(models.Model):
    """What a supervisor says of an agent's month beside its figures. Signed by both, the agent with a comment.

    `figures` are the scorecard's as they stood when the supervisor signed; they and the words stay then.
    """

    agent = models.ForeignKey(Agent, verbose_name=_("agent"), on_delete=models.PROTECT, related_name="appraisals")
    month = models.DateField(_("month"))
    figures = models.JSONField(_("figures"), default=dict)
    attitude = models.PositiveSmallIntegerField(
        _("attitude to work"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    summary = models.TextField(_("what is said"))
    signed_at = models.DateTimeField(_("signed by the supervisor at"))
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("supervisor"), on_delete=models.PROTECT, related_name="+"
    )
    comment = models.TextField(_("the agent's comment"), blank=True)
    agent_signed_at = models.DateTimeField(_("signed by the agent at"), null=True, blank=True)
    agent_signed_name = models.CharField(_("signed with the name"), max_length=80, blank=True)

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        verbose_name = _("appraisal")
        verbose_name_plural = _("appraisals")
        ordering = ["-month", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["agent", "month"], name="appraisal_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="appraisal_of_a_month"),
            models.CheckConstraint(condition=Q(attitude__gte=1, attitude__lte=5), name="appraisal_attitude_range"),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.month:%Y-%m}"
