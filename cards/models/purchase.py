"""What was ordered, from whom, and which cards came of it (R22)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cardfleet.files.models import StoredFile
from cardfleet.kernel.money import MoneyField
from cards.models.card import Card
from cards.models.carrier import Carrier
from cards.models.plan import RatePlan
from cards.models.supplier import Supplier


class PurchaseOrder(models.Model):
    """An order with a supplier. What was warned of when it was placed stays with it, and why it was placed then."""

    number = models.CharField(_("order number"), max_length=40, unique=True)
    supplier = models.ForeignKey(Supplier, verbose_name=_("supplier"), on_delete=models.PROTECT, related_name="orders")
    ordered_on = models.DateField(_("ordered on"))
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("ordered by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    warned_of = models.JSONField(_("warned of"), default=list, blank=True)
    reason = models.TextField(_("why all the same"), blank=True)
    note = models.TextField(_("note"), blank=True)
    invoice_no = models.CharField(_("invoice number"), max_length=40, blank=True)
    invoiced_on = models.DateField(_("invoice of"), null=True, blank=True)
    invoice = models.ForeignKey(
        StoredFile,
        verbose_name=_("invoice"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        ordering = ["-ordered_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "invoice_no"],
                condition=~Q(invoice_no=""),
                violation_error_message=_("This invoice is recorded with another order already."),
                name="purchase_invoice_once",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PurchaseLine(models.Model):
    """So many cards of a carrier and plan (any, where none is named) at a price each."""

    order = models.ForeignKey(PurchaseOrder, verbose_name=_("order"), on_delete=models.PROTECT, related_name="lines")
    carrier = models.ForeignKey(Carrier, verbose_name=_("carrier"), on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(
        RatePlan, verbose_name=_("plan"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    quantity = models.PositiveIntegerField(_("cards"))
    unit_price = MoneyField(_("price a card"))

    class Meta:
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of orders")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_price__gte=0),
                violation_error_message=_("A line orders at least one card, at a price of nought or more."),
                name="purchase_line_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} × {self.quantity}"


class Receipt(models.Model):
    """A card that came of a line of an order: a card is bought once."""

    card = models.OneToOneField(
        Card, verbose_name=_("card"), on_delete=models.PROTECT, primary_key=True, related_name="receipt"
    )
    line = models.ForeignKey(PurchaseLine, verbose_name=_("line"), on_delete=models.PROTECT, related_name="receipts")
    received_at = models.DateTimeField(_("received at"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("received by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("received card")
        verbose_name_plural = _("received cards")

    def __str__(self) -> str:
        return str(self.card)
