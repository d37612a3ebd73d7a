"""What agents ask for, and who said what to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.choices import ApprovalLevel, RequestState
from agents.models.agent import Agent
from agents.models.handover import Handover
from agents.querysets import CardRequestQuerySet
from cards.choices import Purpose
from cards.models import Card


class CardRequest(models.Model):
    """An agent asks for some cards (R11). `level` is whose word it waits for; blank once nobody's is missing."""

    agent = models.ForeignKey(Agent, verbose_name=_("agent"), on_delete=models.PROTECT, related_name="requests")
    count = models.PositiveSmallIntegerField(_("cards"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    reason = models.CharField(_("reason"), max_length=500)
    replaces = models.ForeignKey(
        Card, verbose_name=_("instead of"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    needed_until = models.DateField(_("needed until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.WAITING)
    level = models.CharField(_("waits for"), max_length=10, choices=ApprovalLevel, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    handover = models.OneToOneField(
        Handover, verbose_name=_("hand-over"), on_delete=models.PROTECT, null=True, blank=True, related_name="request"
    )

    objects = CardRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for cards")
        verbose_name_plural = _("requests for cards")
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=1), name="request_for_a_card_at_least"),
            models.CheckConstraint(condition=Q(replaces__isnull=True) | Q(count=1), name="request_swaps_one_card"),
            models.CheckConstraint(
                condition=Q(state="waiting") & ~Q(level="") | ~Q(state="waiting") & Q(level=""),
                name="request_waits_for_somebody",
            ),
        ]
        permissions = [
            ("approve_request", _("Can approve requests for cards as supervisor")),
            ("approve_large_request", _("Can approve requests for cards above the quota")),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.count} {self.asked_at:%Y-%m-%d}"


class RequestDecision(models.Model):
    """What one level said to a request, once."""

    request = models.ForeignKey(
        CardRequest, verbose_name=_("request for cards"), on_delete=models.PROTECT, related_name="decisions"
    )
    level = models.CharField(_("level"), max_length=10, choices=ApprovalLevel)
    is_approved = models.BooleanField(_("approved"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("decision on a request")
        verbose_name_plural = _("decisions on requests")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "level"], name="request_decided_once_a_level"),
            models.CheckConstraint(condition=Q(is_approved=True) | ~Q(reason=""), name="request_rejected_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.level}"
