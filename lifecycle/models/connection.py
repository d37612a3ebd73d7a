"""Connections to carriers and other systems, and each time they were asked."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from billing.models import UsageBatch
from cardfleet.files.models import StoredFile
from cardfleet.kernel.clock import to_the_minute
from cardfleet.kernel.crypto import EncryptedField
from cards.models import Carrier
from lifecycle.choices import ConnectionKind, ConnectionSubject, RunOutcome
from lifecycle.querysets import ConnectionQuerySet

WEEK = 7 * 24 * 60


class Connection(models.Model):
    """Where one subject is fetched from, how, and how often.

    `next_try_at` is when it is due; whoever runs it moves it ahead first. `data_as_of` is the moment of the newest data
    that was stored. `failing_since` is set when failures are told and an alert opens, emptied by the next success.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=ConnectionKind)
    subject = models.CharField(_("what is fetched"), max_length=8, choices=ConnectionSubject)
    carrier = models.ForeignKey(
        Carrier,
        verbose_name=_("carrier"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Only its cards are taken; empty: the cards of every carrier."),
    )
    settings = models.JSONField(_("settings"), default=dict)
    secret = EncryptedField(_("secret"), blank=True)
    every_minutes = models.PositiveIntegerField(
        _("every so many minutes"), default=60, validators=[MinValueValidator(1), MaxValueValidator(WEEK)]
    )
    is_enabled = models.BooleanField(_("switched on"), default=True)
    next_try_at = models.DateTimeField(_("next time"))
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True)
    data_as_of = models.DateTimeField(_("data as of"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("fails since"), null=True, blank=True)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        ordering = ["name"]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(is_enabled=True), name="connection_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(failing_since__isnull=True) | Q(failures__gt=0), name="connection_fails_by_failures"
            ),
            models.UniqueConstraint(
                KT("settings__folder"),
                condition=Q(kind=ConnectionKind.FOLDER),
                name="connection_once_per_folder",
                violation_error_code="folder_taken",
                violation_error_message=_(
                    "Another connection takes the files of this folder. Choose a folder of its own."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ConnectionRun(models.Model):
    """One time a connection was asked: what came of it, and the raw answers while they are kept."""

    connection = models.ForeignKey(
        Connection, verbose_name=_("connection"), on_delete=models.CASCADE, related_name="runs"
    )
    started_at = models.DateTimeField(_("started at"))
    took_ms = models.PositiveIntegerField(_("milliseconds"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=RunOutcome, default=RunOutcome.RUNNING)
    data_as_of = models.DateTimeField(_("data as of"), null=True, blank=True)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    rows_stored = models.PositiveIntegerField(_("rows stored"), default=0)
    rows_known = models.PositiveIntegerField(_("rows known already"), default=0)
    rows_outdated = models.PositiveIntegerField(_("rows older than what is known"), default=0)
    rows_refused = models.PositiveIntegerField(_("rows refused"), default=0)
    refused = models.JSONField(_("why rows were refused"), default=list, blank=True)
    code = models.CharField(_("code"), max_length=40, blank=True)
    message = models.TextField(_("why it failed"), blank=True)
    raw = models.ForeignKey(
        StoredFile,
        verbose_name=_("raw answers"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    imports = models.ManyToManyField(UsageBatch, verbose_name=_("imports of calls"), related_name="+")

    class Meta:
        verbose_name = _("run of a connection")
        verbose_name_plural = _("runs of connections")
        ordering = ["-id"]
        indexes = [models.Index(fields=["started_at"], name="connection_run_age")]
        constraints = [
            models.UniqueConstraint(
                fields=["connection"], condition=Q(outcome=RunOutcome.RUNNING), name="connection_runs_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.connection_id} {to_the_minute(self.started_at)}"
