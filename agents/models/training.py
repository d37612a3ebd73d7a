"""Courses and who passed them (R72, R73)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.choices import CourseKind
from agents.models.agent import Agent
from agents.querysets import TrainingRecordQuerySet
from cardfleet.files.models import StoredFile


class Course(models.Model):
    """A course. One of kind compliance that is required must be valid before a card is issued."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=CourseKind, default=CourseKind.COMPLIANCE)
    valid_months = models.PositiveSmallIntegerField(_("valid for months"), default=12)
    is_required = models.BooleanField(_("required before a card is issued"), default=False)

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class TrainingRecord(models.Model):
    """That an agent passed a course on a day; a mistake is revoked, never deleted."""

    agent = models.ForeignKey(Agent, verbose_name=_("agent"), on_delete=models.PROTECT, related_name="training")
    course = models.ForeignKey(Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="records")
    passed_on = models.DateField(_("passed on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    evidence = models.ForeignKey(
        StoredFile,
        verbose_name=_("evidence"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = TrainingRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("training record")
        verbose_name_plural = _("training records")
        ordering = ["-passed_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "course", "passed_on"],
                condition=Q(revoked_at__isnull=True),
                name="training_once_per_day",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("passed_on")),
                name="training_valid_after_passing",
            ),
        ]
        indexes = [models.Index(fields=["agent", "course", "-valid_until"], name="training_latest")]

    def __str__(self) -> str:
        return f"{self.agent} {self.course} {self.passed_on}"
