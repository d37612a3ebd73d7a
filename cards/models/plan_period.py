"""Which plan a card had when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cards.models.card import Card
from cards.models.plan import RatePlan


class CardPlanPeriod(models.Model):
    """A card has a plan from a day (Shanghai) until another, not included; the first of a card also before (R48, R81).

    Written by the database whenever the card's plan is (`Card.Meta.triggers`), so that no writer can forget it: as of
    the day of the change, or of the day in `cardfleet.plan_from`, which also outranks what was recorded after it.
    """

    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.CASCADE, db_index=False, related_name="plan_periods"
    )
    plan = models.ForeignKey(RatePlan, verbose_name=_("plan"), on_delete=models.PROTECT, related_name="card_periods")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until (not included)"), null=True, blank=True)

    class Meta:
        verbose_name = _("plan of a card")
        verbose_name_plural = _("plans of cards")
        ordering = ["card", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["card", "starts_on"], name="plan_period_once_a_day"),
            models.UniqueConstraint(fields=["card"], condition=Q(ends_on__isnull=True), name="card_has_one_plan_now"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="plan_period_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.plan_id} {self.starts_on}"
