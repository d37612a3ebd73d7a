"""Who held which card, when."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from agents.choices import AssignmentOrigin, AssignmentState
from agents.models.agent import Agent
from agents.models.handover import Handover
from agents.querysets import AssignmentQuerySet
from cardfleet.accounts.models import Team
from cards.choices import Condition, CustodyState
from cards.models import Card


class Assignment(models.Model):
    """A card in an agent's hands from `started_at` until `ended_at`. Two of one card never overlap (invariant 2).

    `taken_from` and `taken_from_team` say where it lay before, so that a mistaken hand-out can put it back.
    """

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="assignments")
    agent = models.ForeignKey(Agent, verbose_name=_("agent"), on_delete=models.PROTECT, related_name="assignments")
    team = models.ForeignKey(
        Team, verbose_name=_("team at hand-over"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    handover = models.ForeignKey(
        Handover,
        verbose_name=_("hand-over receipt"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
    )
    condition = models.CharField(_("condition on hand-over"), max_length=8, choices=Condition, blank=True)
    origin = models.CharField(_("origin"), max_length=8, choices=AssignmentOrigin, default=AssignmentOrigin.HANDOUT)
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    taken_from = models.CharField(_("taken from"), max_length=12, choices=CustodyState, blank=True)
    taken_from_team = models.ForeignKey(
        Team, verbose_name=_("team before"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("handed over by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    accept_by = models.DateTimeField(_("to be accepted by"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    due_back_on = models.DateField(_("due back on"), null=True, blank=True)
    returned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("returned to"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    return_condition = models.CharField(_("condition on return"), max_length=8, choices=Condition, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["card"],
                condition=Q(ended_at__isnull=True, undone_at__isnull=True),
                name="assignment_open_once_per_card",
            ),
            ExclusionConstraint(
                name="assignments_do_not_overlap",
                expressions=[
                    (Func(F("card"), F("card"), Value("[]"), function="int8range"), "&&"),
                    (Func(F("started_at"), F("ended_at"), function="tstzrange"), "&&"),
                ],
                condition=Q(undone_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="assignment_runs_forward",
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "-started_at"], name="assignment_agent"),
            models.Index(fields=["-started_at", "-id"], name="assignment_latest"),
            models.Index(
                fields=["due_back_on"],
                condition=Q(due_back_on__isnull=False, ended_at__isnull=True, undone_at__isnull=True),
                name="assignment_due_back",
            ),
            models.Index(
                fields=["accept_by"],
                condition=Q(accepted_at__isnull=True, ended_at__isnull=True, undone_at__isnull=True),
                name="assignment_unaccepted",
            ),
        ]
        permissions = [("issue_card", _("Can hand out and take back cards"))]

    def __str__(self) -> str:
        return f"{self.card_id} {self.agent_id} {self.started_at:%Y-%m-%d}"

    @property
    def state(self) -> AssignmentState:
        """What became of the hand-over."""
        if self.undone_at:
            return AssignmentState.UNDONE
        if self.ended_at:
            return AssignmentState.RETURNED
        return AssignmentState.ACCEPTED if self.accepted_at else AssignmentState.HANDED_OVER
