"""Courses and who passed them (R72, R73)."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.choices import CourseKind
from agents.models.agent import Agent
from agents.querysets import TrainingRecordQuerySet
from cardfleet.files.models import StoredFile


class Course(models.Model):
    """A course. One that is required must be valid before a card is issued, whatever it is about."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=CourseKind, default=CourseKind.COMPLIANCE)
    valid_months = models.PositiveSmallIntegerField(_("valid for months"), default=12)
    is_required = models.BooleanField(_("required before a card is issued"), default=False)

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["title"]
        permissions = [("take_course", _("Can take the tests of courses"))]

    def __str__(self) -> str:
        return self.title


class CourseVersion(models.Model):
    """What a course teaches and asks, as of its publication; the latest is taken. Append-only (R72).

    `questions` is a list of {text, options, right}, `right` the places of the right options (`agents.rules.courses`);
    without questions a person records who passed. `pass_mark` is per cent. `commitment`: what who passes signs.
    `earlier_until`: until when passes of earlier versions count, where they are to be renewed.
    """

    course = models.ForeignKey(Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("what is taught"), blank=True)
    link = models.URLField(_("link to the material"), blank=True)
    material = models.ForeignKey(
        StoredFile, verbose_name=_("material"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    commitment = models.TextField(_("commitment that is signed"), blank=True)
    questions = models.JSONField(_("questions"), default=list, blank=True)
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark (per cent)"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    attempts_a_day = models.PositiveSmallIntegerField(_("attempts a day"), default=3, validators=[MinValueValidator(1)])
    earlier_until = models.DateField(_("earlier passes count until"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("published by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("version of a course")
        verbose_name_plural = _("versions of courses")
        ordering = ["course", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="course_version_once"),
            models.CheckConstraint(
                condition=Q(pass_mark__gte=1, pass_mark__lte=100, attempts_a_day__gte=1), name="course_version_passable"
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.course} v{self.number}"


class CourseAttempt(models.Model):
    """That an agent took a test: what was chosen, by place, and how it was marked. Append-only."""

    agent = models.ForeignKey(Agent, verbose_name=_("agent"), on_delete=models.PROTECT, related_name="attempts")
    version = models.ForeignKey(
        CourseVersion, verbose_name=_("version"), on_delete=models.PROTECT, related_name="attempts"
    )
    at = models.DateTimeField(_("time"))
    answers = models.JSONField(_("answers"))
    score = models.PositiveSmallIntegerField(_("score"))
    is_passed = models.BooleanField(_("passed"))

    class Meta:
        verbose_name = _("attempt at a test")
        verbose_name_plural = _("attempts at tests")
        ordering = ["-id"]
        indexes = [models.Index(fields=["agent", "version", "at"], name="course_attempt_of")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.version_id} {self.score}"


class TrainingRecord(models.Model):
    """That an agent passed a course on a day; a mistake is revoked, never deleted."""

    agent = models.ForeignKey(Agent, verbose_name=_("agent"), on_delete=models.PROTECT, related_name="training")
    course = models.ForeignKey(Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="records")
    passed_on = models.DateField(_("passed on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    version = models.ForeignKey(
        CourseVersion, verbose_name=_("version"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_name = models.CharField(_("commitment signed with the name"), max_length=80, blank=True)
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
