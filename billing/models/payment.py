"""What was paid out for claims at once."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.querysets import PaymentQuerySet
from cardfleet.kernel.money import MoneyField


class PaymentBatch(models.Model):
    """Claims that one person paid out at once, in CNY. CardFleet moves no money and keeps no bank accounts."""

    reference = models.CharField(_("reference"), max_length=80)
    count = models.PositiveIntegerField(_("claims"))
    amount = MoneyField(_("amount"))
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("paid by"), on_delete=models.PROTECT, related_name="+"
    )
    paid_at = models.DateTimeField(_("paid at"))

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment of claims")
        verbose_name_plural = _("payments of claims")
        ordering = ["-paid_at", "-id"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_is_not_nothing")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.reference
