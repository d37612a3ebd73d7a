"""Alerts and the reminders behind them."""

from django.conf import settings
from django.db import models
from django.db.models import Func, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from cards.choices import Severity
from cards.models import Card, CarrierRule
from lifecycle.choices import AlertKind, AlertState
from lifecycle.querysets import AlertQuerySet

# An alert is about one of these.
ABOUT = ("card", "agent", "matter", "connection")


class Alert(models.Model):
    """One matter that needs somebody: refreshed while its cause lasts, closed when it is gone.

    `first_seen_at` is when it was ever seen first; `opened_at` since when it waits for somebody: the first opening, or
    the last time it came back, became graver or was put back. It rests while `snoozed_until` is ahead.
    """

    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.CASCADE, null=True, blank=True, related_name="alerts"
    )
    agent = models.ForeignKey(
        Agent, verbose_name=_("agent"), on_delete=models.CASCADE, null=True, blank=True, related_name="alerts"
    )
    matter = models.ForeignKey(
        "lifecycle.Matter",
        verbose_name=_("matter of the desk"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="alerts",
    )
    connection = models.ForeignKey(
        "lifecycle.Connection",
        verbose_name=_("connection"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="alerts",
    )
    kind = models.CharField(_("kind"), max_length=16, choices=AlertKind)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity)
    state = models.CharField(_("state"), max_length=12, choices=AlertState, default=AlertState.OPEN)
    code = models.CharField(max_length=64)
    params = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)
    rule = models.ForeignKey(CarrierRule, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    first_seen_at = models.DateTimeField(_("since"))
    opened_at = models.DateTimeField(_("waiting since"))
    reopened = models.PositiveSmallIntegerField(_("times it came back"), default=0)
    last_seen_at = models.DateTimeField(_("last seen"))
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("acknowledged by"),
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    snoozed_until = models.DateTimeField(_("rests until"), null=True, blank=True)
    escalation = models.PositiveSmallIntegerField(_("steps escalated"), default=0)
    escalated_at = models.DateTimeField(_("escalated at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    group = models.ForeignKey(
        "lifecycle.AlertGroup",
        verbose_name=_("group"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="alerts",
    )

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Exact(Func(*ABOUT, function="num_nonnulls", output_field=models.IntegerField()), 1),
                name="alert_is_about_one_thing",
            ),
            models.UniqueConstraint(
                fields=["card", "kind"],
                condition=~Q(state="closed") & Q(card__isnull=False),
                name="alert_open_once_per_card_and_kind",
            ),
            models.UniqueConstraint(
                fields=["agent", "kind"],
                condition=~Q(state="closed") & Q(agent__isnull=False),
                name="alert_open_once_per_agent_and_kind",
            ),
            models.UniqueConstraint(
                fields=["matter", "kind"],
                condition=~Q(state="closed") & Q(matter__isnull=False),
                name="alert_open_once_per_matter_and_kind",
            ),
            models.UniqueConstraint(
                fields=["connection", "kind"],
                condition=~Q(state="closed") & Q(connection__isnull=False),
                name="alert_open_once_per_connection_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | ~Q(state="closed") & Q(closed_at__isnull=True),
                name="alert_closed_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "due_at"], condition=~Q(state="closed"), name="alert_open"),
            models.Index(fields=["kind", "closed_at"], condition=Q(state="closed"), name="alert_closed_lately"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.card_id or self.agent_id or self.matter_id or self.connection_id}"

    @property
    def about(self) -> str:
        """The journal's subject of it: what it is about. Its entries name the alert in their data."""
        if self.matter_id:
            return f"lifecycle.matter:{self.matter_id}"
        if self.connection_id:
            return f"lifecycle.connection:{self.connection_id}"
        return f"cards.card:{self.card_id}" if self.card_id else f"agents.agent:{self.agent_id}"


class Reminder(models.Model):
    """That a lead time was reached and somebody was told: once each, however often the job runs."""

    kind = models.CharField(_("kind"), max_length=16, choices=AlertKind)
    subject = models.CharField(_("subject"), max_length=100)
    due_on = models.DateField(_("due on"))
    lead_days = models.PositiveSmallIntegerField(_("days ahead"))
    sent_at = models.DateTimeField(_("told at"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "due_on", "lead_days"], name="reminder_once_per_lead_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.lead_days}"
