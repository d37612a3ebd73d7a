"""That a spare took the place of a card that stood still, and how many spares are to be ready (R47, R55)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Assignment
from cardfleet.accounts.models import Team
from cards.choices import CustodyState, StopReason
from cards.models import Card, Carrier
from lifecycle.models.case import Case
from lifecycle.querysets import CardSwitchQuerySet


class CardSwitch(models.Model):
    """One switch from a stopped card to a spare in the same agent's hands: append-only, one a hand-over that ended.

    `still_since` is when the old card stood still, `minutes_lost` how long the agent waited. `released`: compliance
    made the switch after a stop for conduct.
    """

    old_card = models.ForeignKey(
        Card, verbose_name=_("old card"), on_delete=models.PROTECT, related_name="switches_from"
    )
    new_card = models.ForeignKey(Card, verbose_name=_("new card"), on_delete=models.PROTECT, related_name="switches_to")
    agent = models.ForeignKey(Agent, verbose_name=_("agent"), on_delete=models.PROTECT, related_name="switches")
    before = models.OneToOneField(
        Assignment, verbose_name=_("hand-over before"), on_delete=models.PROTECT, related_name="+"
    )
    assignment = models.OneToOneField(
        Assignment, verbose_name=_("hand-over"), on_delete=models.PROTECT, related_name="switch"
    )
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, null=True, blank=True, related_name="switches"
    )
    reason = models.CharField(_("reason"), max_length=16, choices=StopReason, blank=True)
    old_goes_to = models.CharField(_("old card goes to"), max_length=12, choices=CustodyState)
    still_since = models.DateTimeField(_("stood still since"))
    at = models.DateTimeField(_("switched at"))
    minutes_lost = models.PositiveIntegerField(_("minutes lost"))
    released = models.BooleanField(_("released by compliance"), default=False)
    note = models.CharField(_("note"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = CardSwitchQuerySet.as_manager()

    class Meta:
        verbose_name = _("switch to a spare")
        verbose_name_plural = _("switches to spares")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(old_card=F("new_card")), name="switch_between_two_cards"),
            models.CheckConstraint(condition=Q(at__gte=F("still_since")), name="switch_runs_forward"),
        ]
        permissions = [("switch_card", _("Can let a spare take the place of a stopped card"))]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.old_card_id} > {self.new_card_id}"


class StandbyShare(models.Model):
    """How many spares are to be ready, in per cent of the cards in service: of a carrier, a team, both, or all."""

    carrier = models.ForeignKey(
        Carrier, verbose_name=_("carrier"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    share = models.DecimalField(
        _("share"), max_digits=4, decimal_places=1, help_text=_("Per cent of the cards in service, at most 10.")
    )

    class Meta:
        verbose_name = _("share of spares")
        verbose_name_plural = _("shares of spares")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "team"],
                nulls_distinct=False,
                violation_error_message=_("A share is set for these already. Change that one."),
                name="standby_share_once",
            ),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=10),
                violation_error_message=_("From 0 to 10 per cent: more would be hoarding (notice of 2021)."),
                name="standby_share_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier_id or '*'} {self.team_id or '*'} {self.share}"
