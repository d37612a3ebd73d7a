"""What somebody decided about a card that a rule lets through only with an approval."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cards.models import Card, CarrierRule


class Approval(models.Model):
    """A decision about a card under one version of a rule: append-only, the latest holds, a new version asks anew.

    `until` is the last day of a yes; none: as long as the version holds.
    """

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.CASCADE, related_name="approvals")
    rule = models.ForeignKey(CarrierRule, verbose_name=_("rule"), on_delete=models.PROTECT, related_name="approvals")
    is_granted = models.BooleanField(_("approved"))
    note = models.TextField(_("note"))
    until = models.DateField(_("until"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["-id"]
        indexes = [models.Index(fields=["card", "rule", "-id"], name="approval_latest")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.card_id} {self.rule_id} {self.is_granted}"
