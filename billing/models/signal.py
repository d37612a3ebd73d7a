"""What failed calls say of a card: signs of a stop or of a control by the carrier (formats.md 4.4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.choices import SignalMeaning
from billing.models.source import UsageSource
from billing.models.usage import UsageBatch
from billing.querysets import OfCardQuerySet
from cards.models import Card


class UsageSignal(models.Model):
    """A failure code of a call this card made. Once a card, moment and code, however often it is posted."""

    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.CASCADE, db_index=False, related_name="usage_signals"
    )
    at = models.DateTimeField(_("time"))
    code = models.CharField(_("code"), max_length=40)
    meaning = models.CharField(_("meaning"), max_length=16, choices=SignalMeaning)
    source = models.ForeignKey(UsageSource, verbose_name=_("source"), on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(UsageBatch, verbose_name=_("batch"), on_delete=models.PROTECT, related_name="+")
    raw = models.CharField(_("as the switch said it"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    objects: OfCardQuerySet["UsageSignal"] = OfCardQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["card", "at", "code"], name="signal_once")]
        indexes = [models.Index(fields=["at"], name="signal_at")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.at:%Y-%m-%d %H:%M:%S} {self.code}"
