"""What people say lies between a carrier's balance and ours."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.choices import DifferenceCause
from billing.models.dispute import Dispute
from billing.models.ledger import BalanceReading
from cardfleet.kernel.money import MoneyField


class BalanceExplanation(models.Model):
    """Why a reading was not what we had computed for its moment; a later one of the same reading goes before.

    `amount` is the difference that was explained, CNY: the reading less our own sum.
    """

    reading = models.ForeignKey(
        BalanceReading, verbose_name=_("balance reading"), on_delete=models.PROTECT, related_name="explanations"
    )
    cause = models.CharField(_("cause"), max_length=8, choices=DifferenceCause)
    amount = MoneyField(_("difference"))
    dispute = models.ForeignKey(
        Dispute, verbose_name=_("dispute"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(_("note"), blank=True)
    said_at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("actor"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("explanation of a difference")
        verbose_name_plural = _("explanations of differences")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dispute__isnull=True) | Q(cause="disputed"), name="explanation_dispute_is_disputed"
            ),
            models.CheckConstraint(
                condition=~Q(cause__in=["other", "disputed"]) | ~Q(note="") | Q(dispute__isnull=False),
                name="explanation_says_what",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.reading_id} {self.cause}"
