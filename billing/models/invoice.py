"""Invoices people bring (domain.md section 6)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from billing.choices import InvoiceKind
from cardfleet.files.models import StoredFile
from cardfleet.kernel.money import ZERO, MoneyField

FACTS = ["claimant", "kind", "code", "number", "title", "tax_id", "issued_on", "month", "net", "tax", "gross", "red_of"]


class Invoice(models.Model):
    """What stands on an invoice, as its claimant read it off. CNY; a red letter's amounts are below zero.

    A number is there once in the whole database. `is_void` frees it: the claim was refused or taken back, so the same
    paper may be brought again. Nothing that was read off is ever edited; a draft's line is taken out and written anew.
    """

    claimant = models.ForeignKey(Agent, verbose_name=_("claimant"), on_delete=models.PROTECT, related_name="invoices")
    kind = models.CharField(_("kind"), max_length=8, choices=InvoiceKind)
    code = models.CharField(_("invoice code"), max_length=12, blank=True)
    number = models.CharField(_("invoice number"), max_length=20)
    title = models.CharField(_("title (buyer)"), max_length=120)
    tax_id = models.CharField(_("tax ID of the buyer"), max_length=20)
    issued_on = models.DateField(_("issued on"))
    month = models.DateField(_("month covered"))
    net = MoneyField(_("amount without tax"))
    tax = MoneyField(_("tax"))
    gross = MoneyField(_("amount with tax"))
    red_of = models.ForeignKey(
        "self",
        verbose_name=_("red letter of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="red_letters",
    )
    file = models.ForeignKey(
        StoredFile, verbose_name=_("picture or file"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    is_void = models.BooleanField(_("may be brought again"), default=False)

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "code"], condition=Q(is_void=False), name="invoice_number_used_once"
            ),
            models.CheckConstraint(condition=Q(gross=F("net") + F("tax")), name="invoice_adds_up"),
            models.CheckConstraint(
                condition=Q(gross__gt=0, red_of__isnull=True) | Q(gross__lt=0, red_of__isnull=False),
                name="invoice_below_zero_names_its_blue_one",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="invoice_month_is_a_first_day"),
        ]
        triggers = [pgtrigger.ReadOnly(name="facts_stay", fields=FACTS)]

    def __str__(self) -> str:
        return f"{self.code} {self.number}".strip()

    @property
    def is_red(self) -> bool:
        """Whether it takes back another."""
        return bool(self.gross < ZERO)
