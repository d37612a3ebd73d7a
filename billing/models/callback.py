"""That somebody missed was called back, where no call of ours shows it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import to_the_minute
from cards.models import Card


class CallBack(models.Model):
    """A missed caller of a card was reached some other way, or needs no call (R115).

    The caller is kept as the hash by which callees are found, never as a number.
    """

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.CASCADE, related_name="+")
    caller_hash = models.CharField(max_length=64)
    at = models.DateTimeField(_("settled at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("settled by"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("call returned")
        verbose_name_plural = _("calls returned")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.card_id} {to_the_minute(self.at)}"
