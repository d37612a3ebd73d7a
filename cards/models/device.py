"""In which phone a card was, and when (R26, R33, R37)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cards.models.card import Card


class DeviceUse(models.Model):
    """A card in one phone from `since` until `until`, both as recorded; the open row is the card's present phone.

    Written by the database whenever the card's IMEI is (`Card.Meta.triggers`), so that no writer can forget it.
    """

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.CASCADE, related_name="device_uses")
    imei = models.CharField("IMEI", max_length=16, db_index=True)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("phone of a card")
        verbose_name_plural = _("phones of cards")
        ordering = ["-id"]
        indexes = [models.Index(fields=["card", "-since"], name="device_use_card")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.since:%Y-%m-%d}"
