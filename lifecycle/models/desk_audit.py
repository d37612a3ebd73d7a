"""Checklists of campaigns and the yearly self-audit, and how their questions were answered (R57)."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cardfleet.files.models import StoredFile
from lifecycle.choices import ChecklistKind, Verdict


class Checklist(models.Model):
    """A version of a list of questions; changing one writes the next. A question may end with its law after " | "."""

    kind = models.CharField(_("kind"), max_length=10, choices=ChecklistKind)
    version = models.PositiveSmallIntegerField(_("version"), editable=False)
    questions = ArrayField(models.CharField(max_length=300), verbose_name=_("questions"))
    reason = models.CharField(_("reason"), max_length=200)
    written_at = models.DateTimeField(_("written at"), editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["kind", "-version"]
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="checklist_version_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} v{self.version}"


class Audit(models.Model):
    """A checklist gone through: for a campaign by its name and industry, or for the year."""

    checklist = models.ForeignKey(
        Checklist, verbose_name=_("checklist"), on_delete=models.PROTECT, related_name="audits"
    )
    title = models.CharField(_("campaign or year"), max_length=120)
    industry = models.CharField(_("industry"), max_length=40, blank=True)
    due_on = models.DateField(_("due"))
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("opened by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("closed by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    conclusion = models.TextField(_("conclusion"), blank=True)

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")), name="audit_runs_forward"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="closed_stays", operation=pgtrigger.Update, condition=pgtrigger.Q(old__closed_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.checklist} {self.title}"

    @property
    def is_open(self) -> bool:
        """Whether it is not closed yet."""
        return self.closed_at is None


class AuditAnswer(models.Model):
    """The answer to one question (counted from 1); what is not fulfilled names a measure and its day."""

    audit = models.ForeignKey(Audit, verbose_name=_("audit"), on_delete=models.CASCADE, related_name="answers")
    number = models.PositiveSmallIntegerField(_("question"))
    verdict = models.CharField(_("answer given"), max_length=3, choices=Verdict)
    note = models.CharField(_("proof or measure"), max_length=300, blank=True)
    measure_by = models.DateField(_("put right by"), null=True)
    proof = models.ForeignKey(StoredFile, verbose_name=_("file"), on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("answered at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("answered by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("answer of an audit")
        verbose_name_plural = _("answers of audits")
        ordering = ["audit", "number"]
        constraints = [models.UniqueConstraint(fields=["audit", "number"], name="audit_answer_once")]

    def __str__(self) -> str:
        return f"{self.audit_id} {self.number}"
