"""Call records, the batches they came in, and what was refused."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from billing.choices import BatchState, CallDirection, RejectCode
from billing.models.source import UsageSource, VoiceLine
from billing.querysets import OfCardQuerySet, UsageBatchQuerySet, UsageRejectQuerySet
from cardfleet.accounts.models import Team
from cardfleet.files.models import StoredFile
from cardfleet.jobs.models import Job
from cards.models import Card

# A row of a batch that is being revoked may go; every other change is refused (invariant 4). A condition rather than
# a function, so that nothing is called for each of half a million rows.
REFUSE = "RAISE EXCEPTION 'call records are never changed, and go only with a revoked batch or a whole partition';"
NOT_REVOKED = "current_setting('cardfleet.revoking', true) IS DISTINCT FROM OLD.batch_id::text"


class UsageBatch(models.Model):
    """One file of call records, stored whole or not at all."""

    source = models.ForeignKey(UsageSource, verbose_name=_("source"), on_delete=models.PROTECT, related_name="batches")
    file = models.ForeignKey(StoredFile, verbose_name=_("file"), on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("file name"), max_length=255, blank=True, help_text=_("In an archive with its folders."))
    sample = models.JSONField(_("first rows"), default=list, help_text=_("Lines and cells, for the preview."))
    lines = models.PositiveIntegerField(_("lines of the file"), null=True, help_text=_("Empty for a workbook."))
    archive = models.CharField(_("archive"), max_length=255, blank=True)
    corrects = models.ForeignKey(
        "self",
        verbose_name=_("corrects"),
        on_delete=models.PROTECT,
        null=True,
        related_name="corrections",
        help_text=_("The batch whose refused rows this one holds, corrected."),
    )
    job = models.ForeignKey(Job, verbose_name=_("job"), on_delete=models.SET_NULL, null=True, related_name="+")
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    format = models.CharField(_("format"), max_length=40, blank=True)
    own_number = models.CharField(
        _("own number"),
        max_length=16,
        blank=True,
        help_text=_("For a detail that does not name its own number."),
    )
    state = models.CharField(_("state"), max_length=8, choices=BatchState, default=BatchState.PENDING)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    rows_stored = models.PositiveIntegerField(_("rows stored"), default=0)
    rows_duplicate = models.PositiveIntegerField(_("rows known already"), default=0)
    rows_refused = models.PositiveIntegerField(_("rows refused"), default=0)
    rows_skipped = models.PositiveIntegerField(
        _("rows that are no calls"),
        default=0,
        help_text=_("Totals, repeated headers, further legs of one call, calls between two extensions."),
    )
    rows_flagged = models.PositiveIntegerField(_("rows outside a card's life"), default=0)
    header = models.JSONField(
        _("header"), default=list, help_text=_("Of the file, so that refused rows go back under it; empty without one.")
    )
    first_at = models.DateTimeField(_("first call"), null=True)
    last_at = models.DateTimeField(_("last call"), null=True)
    created_at = models.DateTimeField(_("begun at"))
    stored_at = models.DateTimeField(_("stored at"), null=True)
    revoked_reason = models.TextField(_("why it was revoked"), blank=True)

    objects = UsageBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("usage batch")
        verbose_name_plural = _("usage batches")
        ordering = ["-id"]
        permissions = [
            ("import_usage", _("Can import call records")),
            ("feed_usage", _("Can post calls live")),
            ("revoke_usage", _("Can revoke an import of call records")),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"


class UsageReject(models.Model):
    """A row of a batch that could not be read or resolved."""

    batch = models.ForeignKey(UsageBatch, verbose_name=_("batch"), on_delete=models.CASCADE, related_name="rejects")
    line = models.PositiveIntegerField(_("line"))
    column = models.CharField(_("column"), max_length=40, blank=True)
    value = models.CharField(_("value"), max_length=200, blank=True)
    code = models.CharField(_("code"), max_length=40)
    cells = models.JSONField(_("row"), default=list)
    since = models.DateField(
        _("since"), null=True, help_text=_("From when on calls were kept, where the row was too old.")
    )
    settled_by = models.ForeignKey(
        UsageBatch,
        verbose_name=_("settled by"),
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,
        related_name="settled",
    )

    objects = UsageRejectQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused row")
        verbose_name_plural = _("refused rows")
        ordering = ["batch", "line"]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line} {self.code}"

    @property
    def message(self) -> str:
        """The reason as a sentence."""
        sentence = str(RejectCode(self.code).label)
        if self.since is None:
            return sentence
        kept = _("Calls are kept from {day} on.").format(day=self.since.isoformat())
        return f"{sentence} {kept}"


class UsageRecord(models.Model):
    """A call of a card. Range-partitioned on `started_at`; one index serves de-duplication and the time line.

    Stored once however often its file comes: (card, started_at, uid) is unique, `uid` being the source's own id or a
    hash of the call. `agent` and `team` are who held the card at its start. No foreign-key constraint: the import's
    join guarantees the card, and the constraint alone doubles the time (design, section 5). `flags` bit 1: outside
    the card's life. `duration_s` seconds, `fee` CNY.

    Append-only by trigger: no row is ever updated, and one is deleted only in a transaction that said
    `SET LOCAL cardfleet.revoking = '<id of its batch>'`. The trigger is a row's, which PostgreSQL clones to each
    partition, also to one attached later (a statement's would guard the parent only); on INSERT nothing fires.
    """

    pk = models.CompositePrimaryKey("card_id", "started_at", "uid")
    card = models.ForeignKey(
        Card,
        verbose_name=_("card"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    started_at = models.DateTimeField(_("start"))
    uid = models.UUIDField(_("id in the source"))
    source = models.ForeignKey(
        UsageSource,
        verbose_name=_("source"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    batch = models.ForeignKey(
        UsageBatch,
        verbose_name=_("batch"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    agent = models.ForeignKey(
        Agent,
        verbose_name=_("agent"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    msisdn = models.CharField(_("own number"), max_length=16)
    direction = models.CharField(_("direction"), max_length=3, choices=CallDirection)
    counterpart = models.CharField(_("other number"), max_length=32)
    duration_s = models.PositiveIntegerField(_("seconds"))
    answered = models.BooleanField(_("answered"))
    fee = models.DecimalField(_("fee"), max_digits=10, decimal_places=2, null=True)
    rated_fee = models.DecimalField(_("own rating"), max_digits=10, decimal_places=2, default=0)
    flags = models.PositiveSmallIntegerField(default=0)

    objects: OfCardQuerySet["UsageRecord"] = OfCardQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        db_table = "billing_usagerecord"
        triggers = [
            pgtrigger.Trigger(name="append_only", when=pgtrigger.Before, operation=pgtrigger.Update, func=REFUSE),
            pgtrigger.Trigger(
                name="leaves_with_its_batch",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition(NOT_REVOKED),
                func=REFUSE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.started_at:%Y-%m-%d %H:%M:%S}"


class LineRecord(models.Model):
    """A call through a carrier's own voice line: an agent's call that is no SIM's."""

    line = models.ForeignKey(VoiceLine, verbose_name=_("voice line"), on_delete=models.PROTECT, related_name="records")
    agent = models.ForeignKey(Agent, verbose_name=_("agent"), on_delete=models.PROTECT, null=True, related_name="+")
    batch = models.ForeignKey(UsageBatch, verbose_name=_("batch"), on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("start"))
    uid = models.UUIDField(_("id in the source"))
    direction = models.CharField(_("direction"), max_length=3, choices=CallDirection)
    counterpart = models.CharField(_("other number"), max_length=32)
    duration_s = models.PositiveIntegerField(_("seconds"))
    answered = models.BooleanField(_("answered"))

    class Meta:
        verbose_name = _("call on a voice line")
        verbose_name_plural = _("calls on voice lines")
        ordering = ["-started_at"]
        constraints = [models.UniqueConstraint(fields=["line", "started_at", "uid"], name="line_record_once")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.started_at:%Y-%m-%d %H:%M:%S}"


class UsageAttribution(models.Model):
    """Who really held a card in [starts_at, ends_at), nobody for no agent, where that was recorded late.

    Outranks the stamp of the calls (invariant 6). Two of one card never overlap, but for withdrawn ones, which count
    for nothing.
    """

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Agent, verbose_name=_("agent"), on_delete=models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.TextField(_("reason"))
    created_at = models.DateTimeField(_("recorded at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects: OfCardQuerySet["UsageAttribution"] = OfCardQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("attribution")
        verbose_name_plural = _("attributions")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="attribution_runs_forward"),
            ExclusionConstraint(
                name="attributions_do_not_overlap",
                expressions=[
                    (Func(F("card"), F("card"), Value("[]"), function="int8range"), "&&"),
                    (Func(F("starts_at"), F("ends_at"), function="tstzrange"), "&&"),
                ],
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.agent_id}"
