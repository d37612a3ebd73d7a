"""What people say lies between a carrier's balance and ours."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.choices import DifferenceCause
from billing.models.account import Account
from billing.models.dispute import Dispute
from billing.models.ledger import BalanceReading
from billing.querysets import BalanceGapQuerySet
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


class BalanceGap(models.Model):
    """An account whose last reading differs from our own sum by what neither known sums nor a person explain (R29).

    `computed` is our own sum of the moment of the reading, `amount` the reading less it, CNY; `since` is when the
    carrier first said what nothing explained. A row stays as long as that holds, and is looked at anew by a job.
    """

    account = models.OneToOneField(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, primary_key=True, related_name="gap"
    )
    reading = models.ForeignKey(
        BalanceReading, verbose_name=_("balance reading"), on_delete=models.CASCADE, related_name="+"
    )
    computed = MoneyField(_("our own sum then"))
    amount = MoneyField(_("difference"))
    since = models.DateTimeField(_("since"))
    looked_at = models.DateTimeField(_("looked at"))

    objects = BalanceGapQuerySet.as_manager()

    class Meta:
        verbose_name = _("unexplained difference of a balance")
        verbose_name_plural = _("unexplained differences of balances")
        ordering = ["since", "account"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="gap_is_not_nothing")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount}"
