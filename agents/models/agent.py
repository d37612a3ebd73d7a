"""Agents: people who call."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.choices import AgentStatus
from agents.querysets import AgentQuerySet


class Agent(models.Model):
    """The employment facts of a person who calls. Name, staff number and team are the person's (accounts.User)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="agent"
    )
    status = models.CharField(_("status"), max_length=8, choices=AgentStatus, default=AgentStatus.ACTIVE)
    hold_reason = models.CharField(_("why on hold"), max_length=200, blank=True)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects = AgentQuerySet.as_manager()

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(joined_on__isnull=True) | Q(left_on__gte=models.F("joined_on")),
                name="agent_leaves_after_joining",
            ),
            models.CheckConstraint(
                condition=~Q(status="left") | Q(left_on__isnull=False), name="agent_who_left_has_a_day"
            ),
        ]
        permissions = [("import_agent", _("Can import agents"))]

    def __str__(self) -> str:
        return str(self.user)
