"""Where cards were when they called, as their carriers' details say (R49)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.usage import UsageBatch
from cards.models import Card


class UsagePlace(models.Model):
    """A province in which a card called on a Shanghai day. Once a card, day and province; goes with its batch."""

    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.CASCADE, db_index=False, related_name="usage_places"
    )
    day = models.DateField(_("day"))
    province = models.CharField(_("province"), max_length=8)
    batch = models.ForeignKey(UsageBatch, verbose_name=_("batch"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("place of use")
        verbose_name_plural = _("places of use")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["card", "day", "province"], name="place_once")]
        indexes = [models.Index(fields=["day"], name="place_day")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.day} {self.province}"
