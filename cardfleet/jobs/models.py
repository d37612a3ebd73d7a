"""Long work a person waits for, what ran on schedule, and idempotency keys of the API."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cardfleet.files.models import StoredFile
from cardfleet.jobs.choices import ENDED, JobState
from cardfleet.jobs.querysets import JobItemQuerySet, JobQuerySet
from cardfleet.kernel.crypto import EncryptedField


class Job(models.Model):
    """A piece of work with progress, per-row results and files. A worker owns it while its heartbeat is fresh.

    `request_id` is that of the request that asked for it; lines of the log and entries of the journal carry it, too.
    """

    kind = models.CharField(_("kind"), max_length=64)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("started by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    params = models.JSONField(_("parameters"), default=dict, blank=True)
    input_file = models.ForeignKey(
        StoredFile, verbose_name=_("input"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    result_file = models.ForeignKey(
        StoredFile,
        verbose_name=_("result"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    state = models.CharField(_("state"), max_length=8, choices=JobState, default=JobState.QUEUED)
    total = models.PositiveIntegerField(_("rows in all"), null=True, blank=True)
    processed = models.PositiveIntegerField(_("rows looked at"), default=0)
    succeeded = models.PositiveIntegerField(_("rows done"), default=0)
    refused = models.PositiveIntegerField(_("rows refused"), default=0)
    summary = models.JSONField(_("summary"), default=dict, blank=True)
    error_code = models.CharField(_("error code"), max_length=64, blank=True)
    error = models.TextField(_("error"), blank=True)
    created_at = models.DateTimeField(_("asked at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    request_id = models.CharField(_("request"), max_length=64, blank=True, db_default="")

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state="queued"), name="job_queued"),
            models.Index(fields=["heartbeat_at"], condition=Q(state="running"), name="job_running"),
            models.Index(fields=["owner", "-id"], name="job_owner"),
        ]
        permissions = [("view_all_jobs", _("Can see the jobs of others"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ENDED


class JobRow(models.Model):
    """What became of one row of a job's input. Only refused and warned rows are kept for large inputs."""

    job = models.ForeignKey(Job, verbose_name=_("job"), on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("line"))
    ok = models.BooleanField(_("done"))
    label = models.CharField(_("row"), max_length=120, blank=True)
    column = models.CharField(_("column"), max_length=80, blank=True)
    value = models.CharField(_("value"), max_length=200, blank=True)
    code = models.CharField(_("code"), max_length=64, blank=True)
    message = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("job row")
        verbose_name_plural = _("job rows")
        ordering = ["line", "id"]
        indexes = [models.Index(fields=["job", "line"], name="job_row_line")]

    def __str__(self) -> str:
        return f"{self.job} {self.line}"


class JobItem(models.Model):
    """A row of a job that was done, written in the deed's own transaction, so that a second run does not do it again.

    `subject` is the id of what it was done to, `left` what is needed to undo it (ids and codes, never a secret),
    empty where the deed changed nothing. Subject 0 has no id. Kept for thirty days.
    """

    job = models.ForeignKey(Job, verbose_name=_("job"), on_delete=models.CASCADE, related_name="items", db_index=False)
    line = models.PositiveIntegerField(_("line"))
    subject = models.BigIntegerField(_("subject"))
    left = models.JSONField(_("left behind"), default=dict, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    objects = JobItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("job item")
        verbose_name_plural = _("job items")
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["job", "line"], name="job_item_once_per_line")]

    def __str__(self) -> str:
        return f"{self.job} {self.line}"


class ScheduledRun(models.Model):
    """One run of a scheduled job, so that pages can say as of when they are right."""

    name = models.CharField(_("name"), max_length=64)
    on = models.DateField(_("for the day"))
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    ok = models.BooleanField(_("succeeded"), default=False)
    summary = models.JSONField(_("summary"), default=dict, blank=True)

    class Meta:
        verbose_name = _("scheduled run")
        verbose_name_plural = _("scheduled runs")
        ordering = ["-id"]
        indexes = [models.Index(fields=["name", "-started_at"], name="scheduled_run_latest")]

    def __str__(self) -> str:
        return f"{self.name} {self.on}"


class IdempotencyKey(models.Model):
    """The answer once given to a write with this key, given again to the same person for the same body."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = EncryptedField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_once_per_person_and_key")]

    def __str__(self) -> str:
        return self.key
