"""The receipt of one hand-over: all cards that one act gave to one agent."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.choices import HandoverKind
from agents.models.agent import Agent
from agents.querysets import HandoverQuerySet
from cardfleet.files.models import StoredFile


class Handover(models.Model):
    """What an agent signs for at once (R75). Its cards are the assignments that name it.

    `act` is shared by the hand-overs of one distribution over a team. `terms` is the version of the care notice and
    the liability text that were shown (`agents.rules.receipts`). It is signed by a drawing or by the typed name.
    """

    act = models.UUIDField(_("act"), default=uuid.uuid4, editable=False, db_index=True)
    kind = models.CharField(_("kind"), max_length=8, choices=HandoverKind, default=HandoverKind.HANDOUT)
    agent = models.ForeignKey(Agent, verbose_name=_("agent"), on_delete=models.PROTECT, related_name="handovers")
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("handed over by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    handed_at = models.DateTimeField(_("handed over at"))
    accessories = models.CharField(_("accessories"), max_length=200, blank=True)
    terms = models.PositiveSmallIntegerField(_("version of the terms"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    signed_name = models.CharField(_("signed with the name"), max_length=80, blank=True)
    signature = models.ForeignKey(
        StoredFile, verbose_name=_("signature"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over receipt")
        verbose_name_plural = _("hand-over receipts")
        ordering = ["-handed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | ~Q(signed_name="") | Q(signature__isnull=False),
                name="handover_accepted_is_signed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.handed_at:%Y-%m-%d}"
