"""SIMs whose number lives on another SIM by now (R52, R92)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.choices import WhyReissued
from cards.models.card import Card


class VoidedSim(models.Model):
    """A SIM the carrier replaced: its ICCID is void for ever, the card goes on under a new one. Append-only.

    `in_hand`: the plastic lies with us and is to be destroyed; a lost one is destroyed once it turns up.
    """

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="voided_sims")
    iccid = models.CharField("ICCID", max_length=20, unique=True)
    imsi = models.CharField("IMSI", max_length=15, blank=True)
    why = models.CharField(_("reason"), max_length=8, choices=WhyReissued)
    in_hand = models.BooleanField(_("the old SIM is in our hands"))
    at = models.DateTimeField(_("void since"))
    recorded_at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("voided SIM")
        verbose_name_plural = _("voided SIMs")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(iccid__regex=r"^89[0-9]{4}[0-9A-Z]{13,14}$"), name="voided_iccid_form"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.iccid[:4]}…{self.iccid[-4:]}"
