"""That an agent leaves, and what is to be wound up until it is over (R76)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.choices import LeavingState, LeavingTaskKind
from agents.models.agent import Agent
from agents.querysets import LeavingQuerySet, LeavingTaskQuerySet
from agents.rules.leaving import OF_A_CARD
from cards.models import Card


class LeavingPolicy(models.Model):
    """How many days after an agent's last day each thing has to be wound up. There is one row."""

    return_days = models.PositiveSmallIntegerField(_("days until the cards are back"), default=0)
    secrets_days = models.PositiveSmallIntegerField(_("days until codes and passwords are changed"), default=3)
    user_days = models.PositiveSmallIntegerField(
        _("days until cards have another registered user or are cancelled"), default=30
    )
    claims_days = models.PositiveSmallIntegerField(_("days until claims are settled"), default=30)

    class Meta:
        verbose_name = _("rules for leavers")
        verbose_name_plural = _("rules for leavers")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="leaving_policy_is_one")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class Leaving(models.Model):
    """One leaving of an agent: from the notice, or the day itself, until all is wound up or it was taken back.

    `leaves_on` is the last day (Shanghai); `left_at` the moment at which the access ended.
    """

    agent = models.ForeignKey(Agent, verbose_name=_("agent"), on_delete=models.PROTECT, related_name="leavings")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    leaves_on = models.DateField(_("last day"))
    noticed_at = models.DateTimeField(_("noted at"))
    noticed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("noted by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("wound up at"), null=True, blank=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("wound up by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    objects = LeavingQuerySet.as_manager()

    class Meta:
        verbose_name = _("leaving")
        verbose_name_plural = _("leavings")
        ordering = ["-leaves_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agent"],
                condition=Q(finished_at__isnull=True, withdrawn_at__isnull=True),
                name="leaving_open_once_per_agent",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("noticed_at")), name="leaving_after_notice"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(left_at__isnull=False, withdrawn_at__isnull=True),
                name="leaving_finished_by_leavers_only",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent} {self.leaves_on}"

    @property
    def state(self) -> LeavingState:
        """Where it is; it follows from the dates."""
        if self.withdrawn_at:
            return LeavingState.WITHDRAWN
        if self.finished_at:
            return LeavingState.FINISHED
        return LeavingState.GOING_ON if self.left_at else LeavingState.NOTICED

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.finished_at is None and self.withdrawn_at is None


class LeavingTask(models.Model):
    """One thing to be wound up by a day, about one card or about the person."""

    leaving = models.ForeignKey(Leaving, verbose_name=_("leaving"), on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(_("what is to be done"), max_length=8, choices=LeavingTaskKind)
    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(_("to be done by"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("done by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = LeavingTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task of a leaving")
        verbose_name_plural = _("tasks of leavings")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["leaving", "kind", "card"], condition=Q(card__isnull=False), name="leaving_task_once_per_card"
            ),
            models.UniqueConstraint(
                fields=["leaving", "kind"], condition=Q(card__isnull=True), name="leaving_task_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(OF_A_CARD), card__isnull=False)
                | (~Q(kind__in=sorted(OF_A_CARD)) & Q(card__isnull=True)),
                name="leaving_task_names_its_card",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leaving_id} {self.kind} {self.card_id or ''}"
