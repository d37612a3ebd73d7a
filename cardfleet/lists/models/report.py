"""Reports sent on a schedule."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cardfleet.files.models import StoredFile
from cardfleet.kernel.clock import to_the_minute
from cardfleet.lists.choices import Every, FileForm, Weekday, WhyStopped
from cardfleet.lists.models.view import SavedView
from cardfleet.lists.querysets import ScheduledReportQuerySet
from cardfleet.lists.rules.slots import Slots


class ScheduledReport(models.Model):
    """A view as a file, by e-mail, as its owner's scope and masks allow at the moment it is sent.

    `next_at` is the time it is sent next. A stopped one keeps its row and says why.
    """

    view = models.ForeignKey(
        SavedView, verbose_name=_("view"), on_delete=models.SET_NULL, null=True, related_name="reports"
    )
    view_name = models.CharField(_("name of the view"), max_length=60)
    listing = models.CharField(_("list"), max_length=32)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="reports"
    )
    form = models.CharField(_("file"), max_length=4, choices=FileForm, default=FileForm.XLSX)
    every = models.CharField(_("how often"), max_length=8, choices=Every, default=Every.WORKDAY)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday, default=Weekday.MONDAY)
    day = models.PositiveSmallIntegerField(
        _("day of the month"), default=1, help_text=_("In a shorter month the last one.")
    )
    at = models.TimeField(_("time"))
    recipients = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("recipients"), related_name="received_reports"
    )
    next_at = models.DateTimeField(_("next at"))
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    stopped_why = models.CharField(_("why it was stopped"), max_length=16, choices=WhyStopped, blank=True)
    created_at = models.DateTimeField(_("made at"))

    objects = ScheduledReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheduled report")
        verbose_name_plural = _("scheduled reports")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="report_weekday"),
            models.CheckConstraint(condition=Q(day__gte=1, day__lte=31), name="report_day"),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_why="") | Q(stopped_at__isnull=False) & ~Q(stopped_why=""),
                name="report_stopped_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(stopped_at__isnull=True), name="report_due"),
        ]
        permissions = [("end_any_report", _("Can see and stop the reports of others"))]

    def __str__(self) -> str:
        return self.view_name

    @property
    def slots(self) -> Slots:
        """The times it is sent at."""
        return Slots(every=self.every, weekday=self.weekday, day=self.day, at=self.at)


class ReportRun(models.Model):
    """One sending of a report: for which time, with how many rows, to how many people. Once for each time."""

    report = models.ForeignKey(ScheduledReport, verbose_name=_("report"), on_delete=models.CASCADE, related_name="runs")
    due_at = models.DateTimeField(_("due at"))
    sent_at = models.DateTimeField(_("sent at"))
    rows = models.PositiveIntegerField(_("rows"))
    sent_to = models.PositiveSmallIntegerField(_("recipients"))
    left_out = models.PositiveSmallIntegerField(_("left out"), default=0)
    file = models.ForeignKey(StoredFile, verbose_name=_("file"), on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("sending of a report")
        verbose_name_plural = _("sendings of reports")
        ordering = ["-due_at"]
        constraints = [models.UniqueConstraint(fields=["report", "due_at"], name="report_run_once_a_time")]

    def __str__(self) -> str:
        return f"{self.report_id} {to_the_minute(self.due_at)}"
