"""What carriers did so far."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cards.models import Carrier


class StopsAt(models.Model):
    """Where a carrier was seen to stop cards, of one kind of rule, in the rule's unit; learnt anew each night.

    `stops` are those it was learnt from.
    """

    carrier = models.ForeignKey(Carrier, verbose_name=_("carrier"), on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=40)
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=1)
    stops = models.PositiveIntegerField(_("stops"))
    learnt_on = models.DateField(_("learnt on"))

    class Meta:
        verbose_name = _("experience with a carrier")
        verbose_name_plural = _("experience with carriers")
        constraints = [models.UniqueConstraint(fields=["carrier", "kind"], name="stops_at_once_per_kind")]

    def __str__(self) -> str:
        return f"{self.carrier_id} {self.kind} {self.value}"
