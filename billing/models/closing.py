"""Months that were closed, and what came about them later."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from cardfleet.accounts.models import Team
from cardfleet.kernel.money import MoneyField
from cards.models import Card

# Who posts holds it with others, who closes a month alone.
CLOSING_LOCK = "hashtext('billing.closing')"


class ClosedMonth(models.Model):
    """A month whose ledger takes no entry any more. Months are closed in their order, and none is opened again.

    `figures` is what it closed with: entries, cards, sums by kind (CNY as text), and a hash over its entries.
    """

    month = models.DateField(_("month"), primary_key=True)
    closed_at = models.DateTimeField(_("closed at"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("closed by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    figures = models.JSONField(_("figures"), default=dict)

    class Meta:
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")
        ordering = ["-month"]
        constraints = [models.CheckConstraint(condition=Q(month__day=1), name="closed_month_is_a_first_day")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        permissions = [("close_month", _("Can close a month"))]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class LateUsage(models.Model):
    """What a closed month's calls changed by after it was closed, by who held the card: a cost of the open `month`.

    `calls`, `seconds` and `amount` (CNY) are below zero where calls went.
    """

    card = models.ForeignKey(
        Card,
        verbose_name=_("card"),
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    month = models.DateField(_("month"))
    of_month = models.DateField(_("month it is about"))
    agent = models.ForeignKey(
        Agent,
        verbose_name=_("agent"),
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    calls = models.BigIntegerField(default=0)
    seconds = models.BigIntegerField(default=0)
    amount = MoneyField(default=0)

    class Meta:
        verbose_name = _("late call charge")
        verbose_name_plural = _("late call charges")
        constraints = [
            models.CheckConstraint(condition=Q(of_month__lt=F("month")), name="late_usage_of_an_earlier_month")
        ]
        indexes = [
            models.Index(fields=["month", "card"], name="late_usage_month"),
            models.Index(fields=["card", "of_month"], name="late_usage_card"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.card_id} {self.of_month}"


class ClosedHolding(models.Model):
    """For how many days of a closed month who held a card, as it was known when the month was closed.

    A hand-out recorded later does not split the month's fees anew.
    """

    month = models.DateField(_("month"))
    card = models.ForeignKey(
        Card,
        verbose_name=_("card"),
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    agent = models.ForeignKey(
        Agent,
        verbose_name=_("agent"),
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    days = models.PositiveSmallIntegerField(_("days"))

    class Meta:
        verbose_name = _("holding of a closed month")
        verbose_name_plural = _("holdings of closed months")
        indexes = [models.Index(fields=["month", "card"], name="closed_holding_key")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.month:%Y-%m}"


class ClosedCard(models.Model):
    """What the cost report of a closed month groups a card by, as it was when the month was closed."""

    month = models.DateField(_("month"))
    card = models.ForeignKey(
        Card,
        verbose_name=_("card"),
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    carrier_id = models.BigIntegerField()
    team_id = models.BigIntegerField(null=True)
    plan_id = models.BigIntegerField(null=True)
    registrant_id = models.BigIntegerField(null=True)
    region = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("card of a closed month")
        verbose_name_plural = _("cards of closed months")
        indexes = [models.Index(fields=["month", "card"], name="closed_card_key")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.month:%Y-%m}"
