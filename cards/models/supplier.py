"""Where cards are bought (R22)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cardfleet.files.models import StoredFile
from cards.choices import PurchaseChannel
from cards.models.carrier import Carrier


class Supplier(models.Model):
    """Who sells cards, whose authorisation it shows, with the proof and how long that holds."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    channel = models.CharField(_("kind"), max_length=16, choices=PurchaseChannel, default=PurchaseChannel.UNKNOWN)
    carriers = models.ManyToManyField(Carrier, verbose_name=_("authorised by"), blank=True, related_name="suppliers")
    proof = models.ForeignKey(
        StoredFile,
        verbose_name=_("proof of authorisation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    proof_until = models.DateField(_("proof valid until"), null=True, blank=True)
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    promises = models.TextField(
        _("what they promise"), blank=True, help_text=_("Word for word; promises no carrier gives are warned of.")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
