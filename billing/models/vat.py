"""VAT rates by kind of charge, dated."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.choices import COST_KINDS, EntryKind


class VatRate(models.Model):
    """The VAT within charges of a kind from a day on, until the next rate of that kind (domain.md, section 6)."""

    kind = models.CharField(
        _("kind"), max_length=16, choices=[(kind.value, kind.label) for kind in EntryKind if kind in COST_KINDS]
    )
    per_cent = models.DecimalField(_("rate in per cent"), max_digits=5, decimal_places=2)
    effective_from = models.DateField(_("from"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("VAT rate")
        verbose_name_plural = _("VAT rates")
        ordering = ["kind", "-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "effective_from"],
                violation_error_message=_("This kind has a rate from that day already."),
                name="vat_rate_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(per_cent__gte=0, per_cent__lt=100),
                violation_error_message=_("A rate is from 0 to below 100 per cent."),
                name="vat_rate_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.per_cent} % {self.effective_from}"
