"""What a card used of its bundle beside calls."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.querysets import OfCardQuerySet
from cardfleet.kernel.money import MoneyField
from cards.models import Card


class BundleUse(models.Model):
    """Messages and data of a card in a month, as its carrier or a phone counted them.

    `sms_fee` and `data_fee` are what the carrier charged for them beyond the bundle (CNY); where they are empty, the
    plan's prices say.
    """

    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.CASCADE, db_index=False, related_name="bundle_uses"
    )
    month = models.DateField(_("month"))
    sms = models.PositiveIntegerField(_("messages"), default=0)
    data_mb = models.DecimalField(_("data (MB)"), max_digits=12, decimal_places=3, default=0)
    sms_fee = MoneyField(_("charged for messages"), null=True, blank=True)
    data_fee = MoneyField(_("charged for data"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("actor"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects: OfCardQuerySet["BundleUse"] = OfCardQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("messages and data of a month")
        verbose_name_plural = _("messages and data by month")
        ordering = ["-month", "card"]
        constraints = [
            models.UniqueConstraint(fields=["month", "card"], name="bundle_use_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="bundle_use_of_a_first_day"),
            models.CheckConstraint(
                condition=Q(data_mb__gte=0)
                & (Q(sms_fee__isnull=True) | Q(sms_fee__gte=0))
                & (Q(data_fee__isnull=True) | Q(data_fee__gte=0)),
                violation_error_message=_("Use and its fees are not negative."),
                name="bundle_use_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.month:%Y-%m}"
