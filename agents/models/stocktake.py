"""Counts of what lies at a place or in somebody's hands (R7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.choices import Difference, Settlement
from agents.models.agent import Agent
from agents.querysets import StockTakeQuerySet
from cardfleet.accounts.models import Team
from cards.models import Card, Location


class StockTake(models.Model):
    """A count of one place (with its slots) or of one agent's cards. What was expected is fixed when it starts."""

    location = models.ForeignKey(
        Location, verbose_name=_("place"), on_delete=models.PROTECT, null=True, blank=True, related_name="takes"
    )
    agent = models.ForeignKey(
        Agent, verbose_name=_("agent"), on_delete=models.PROTECT, null=True, blank=True, related_name="takes"
    )
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(_("started at"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("started by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("closed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.TextField(_("reason"), blank=True)

    objects = StockTakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock-take")
        verbose_name_plural = _("stock-takes")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(location__isnull=True) ^ Q(agent__isnull=True), name="take_of_one_place_or_agent"
            ),
        ]

    def __str__(self) -> str:
        return str(self.location or self.agent)


class StockTakeRow(models.Model):
    """A card that was expected, found, or both; or a barcode that is of no card (`text` alone)."""

    take = models.ForeignKey(StockTake, verbose_name=_("stock-take"), on_delete=models.PROTECT, related_name="rows")
    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.PROTECT, null=True, blank=True, related_name="take_rows"
    )
    text = models.CharField(_("barcode"), max_length=40, blank=True)
    is_expected = models.BooleanField(_("expected"), default=False)
    found_at = models.DateTimeField(_("found at"), null=True, blank=True)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("found by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    settlement = models.CharField(_("settled"), max_length=10, choices=Settlement, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("settled by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("row of a stock-take")
        verbose_name_plural = _("rows of stock-takes")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["take", "card"], name="take_row_once_per_card"),
            models.UniqueConstraint(
                fields=["take", "text"], condition=Q(card__isnull=True), name="take_row_once_per_barcode"
            ),
        ]

    def __str__(self) -> str:
        return str(self.card or self.text)

    @property
    def difference(self) -> Difference:
        """What the row says."""
        if self.card_id is None:
            return Difference.UNKNOWN
        if not self.is_expected:
            return Difference.MISPLACED
        return Difference.NONE if self.found_at else Difference.MISSING
