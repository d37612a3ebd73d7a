"""Complaints about calls from a card (R35, R40)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cards.models import Card


class Complaint(models.Model):
    """A complaint that reached us: append-only, since it is evidence; only valid ones count towards a limit."""

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="complaints")
    received_at = models.DateTimeField(_("received at"))
    channel = models.CharField(_("through"), max_length=40)
    is_valid = models.BooleanField(_("found valid"), default=True)
    summary = models.TextField(_("summary"), blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["-received_at"]
        indexes = [models.Index(fields=["card", "-received_at"], name="complaint_card")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.card_id} {self.received_at:%Y-%m-%d}"
