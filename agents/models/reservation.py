"""Cards kept for somebody for a time."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from agents.choices import ReservationEnd
from agents.models.agent import Agent
from agents.querysets import ReservationQuerySet
from cardfleet.accounts.models import Team
from cards.models import Card


class Reservation(models.Model):
    """A card that only an agent, or a team and those below it, may get from `starts_on` to `ends_on` inclusive (R11).

    A number of cards is reserved by naming that many; they share `made_at`. Two of one card never overlap.
    """

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="reservations")
    agent = models.ForeignKey(
        Agent, verbose_name=_("agent"), on_delete=models.PROTECT, null=True, blank=True, related_name="reservations"
    )
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("reserved by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("reserved at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end = models.CharField(_("why it ended"), max_length=9, choices=ReservationEnd, blank=True)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agent__isnull=True) ^ Q(team__isnull=True), name="reservation_for_an_agent_or_a_team"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="reservation_runs_forward"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="") | Q(ended_at__isnull=False) & ~Q(end=""),
                name="reservation_ends_for_a_reason",
            ),
            ExclusionConstraint(
                name="reservations_do_not_overlap",
                expressions=[
                    (Func(F("card"), F("card"), Value("[]"), function="int8range"), "&&"),
                    (Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange"), "&&"),
                ],
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.starts_on}"
