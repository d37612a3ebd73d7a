"""When cards are looked at, and what was found (R8, R10, R102)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.choices import Condition, CustodyState, Damage, SignalCheck, SpareDecision
from cards.models.card import Card


class InspectionPlan(models.Model):
    """Every how many days the cards in a custody state are looked at."""

    custody_state = models.CharField(_("custody"), max_length=12, choices=CustodyState, unique=True)
    every_days = models.PositiveSmallIntegerField(_("every … days"))
    is_active = models.BooleanField(_("in force"), default=True)

    class Meta:
        verbose_name = _("inspection interval")
        verbose_name_plural = _("inspection intervals")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(every_days__gt=0),
                violation_error_message=_("An interval is at least one day."),
                name="inspection_interval_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_custody_state_display()} · {self.every_days}"


class Inspection(models.Model):
    """A card looked at by a person: condition, damage, whether it still finds its network, and what becomes of a spare.

    Append-only. Nothing is ever sent or called to make a card look used: the network's sign on a phone's screen is all
    that is asked (refusal X4).
    """

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="inspections")
    at = models.DateTimeField(_("looked at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    custody_state = models.CharField(_("custody"), max_length=12, choices=CustodyState)
    condition = models.CharField(_("condition"), max_length=8, choices=Condition)
    damage = models.CharField(_("damage"), max_length=8, choices=Damage, blank=True)
    signal = models.CharField(_("network"), max_length=12, choices=SignalCheck, default=SignalCheck.NOT_LOOKED)
    decision = models.CharField(_("spare"), max_length=8, choices=SpareDecision, blank=True)
    use_by = models.DateField(_("in real use by"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["-id"]
        indexes = [models.Index(fields=["card", "-at"], name="inspection_card")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.card_id} {self.at:%Y-%m-%d}"
