"""Cases and their steps: a matter about one card, from its opening to its outcome."""

from functools import reduce
from operator import or_

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cardfleet.files.models import StoredFile
from cards.choices import StopReason
from cards.models import Card
from lifecycle.choices import CaseKind, CaseOutcome, CaseSource, EscalationLevel, StepState
from lifecycle.models.playbook import Playbook, StepTerms
from lifecycle.querysets import CaseQuerySet, CaseStepQuerySet

ENDED_STEPS = (StepState.DONE, StepState.SKIPPED, StepState.VOID)
KEPT_OF_A_STEP = ("code", "position", "done_at", "done_by", "second_at", "second_by", "note", "data", "case")
CHANGED = reduce(or_, (pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in KEPT_OF_A_STEP))


class Case(models.Model):
    """A matter about a card. It is open until it has an outcome.

    `track` is shared by kinds that contradict one another: one open case a card and track. `cause` is what the
    carrier confirmed. `facts` holds figures and codes that steps leave; never personal data or secrets. `due_at` is
    the nearest clock of its open steps, written by the engine.
    """

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="cases")
    kind = models.CharField(_("kind"), max_length=16, choices=CaseKind)
    reason = models.CharField(_("reason"), max_length=16, blank=True)
    source = models.CharField(_("source"), max_length=8, choices=CaseSource, default=CaseSource.PERSON)
    track = models.CharField(max_length=16, blank=True, editable=False)
    note = models.TextField(_("what happened"), blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("opened by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    level = models.PositiveSmallIntegerField(_("escalation"), choices=EscalationLevel, default=EscalationLevel.OWN)
    escalated_at = models.DateTimeField(_("escalated at"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    playbook = models.ForeignKey(
        Playbook, verbose_name=_("playbook"), on_delete=models.PROTECT, null=True, related_name="cases"
    )
    cause = models.CharField(_("cause confirmed by the carrier"), max_length=16, choices=StopReason, blank=True)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("follows from"), on_delete=models.PROTECT, null=True, related_name="children"
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("closed by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=CaseOutcome, blank=True)
    closing_note = models.TextField(_("closing note"), blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-id"]
        permissions = [
            ("open_case", _("Can open a case")),
            ("work_case", _("Can do the usual steps of a case")),
            ("close_case", _("Can close a case")),
            ("release_case", _("Can release a card that a case holds back")),
            ("approve_case", _("Can approve what a case asks for")),
            ("report_case", _("Can report a loss, a fault or a stop of an own card")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["card", "kind"], condition=Q(closed_at__isnull=True), name="case_open_once_per_card_and_kind"
            ),
            models.UniqueConstraint(
                fields=["card", "track"],
                condition=Q(closed_at__isnull=True) & ~Q(track=""),
                name="case_open_once_per_card_and_track",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="case_has_an_outcome_iff_closed",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")), name="case_runs_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(closed_at__isnull=True), name="case_due"),
            models.Index(fields=["card", "-id"], name="case_of_card"),
            models.Index(fields=["kind", "closed_at"], name="case_ended"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.get_kind_display()}"

    @property
    def is_open(self) -> bool:
        """Whether it has no outcome yet."""
        return self.closed_at is None


class CaseStep(StepTerms):
    """One step of a case, copied from its playbook at the opening.

    A done row is never edited: what was wrong is made void and a fresh row (`instead_of`) stands at the same code.
    `opened_at` is when its clock began.
    """

    case = models.ForeignKey(Case, verbose_name=_("case"), on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(_("state"), max_length=9, choices=StepState, default=StepState.WAITING)
    opened_at = models.DateTimeField(_("open since"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    done_at = models.DateTimeField(_("done at"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("done by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    second_at = models.DateTimeField(_("confirmed at"), null=True)
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("confirmed by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder, blank=True)
    instead_of = models.OneToOneField(
        "self", verbose_name=_("instead of"), on_delete=models.PROTECT, null=True, related_name="followed_by"
    )
    why_again = models.CharField(_("why it was put right"), max_length=200, blank=True)

    objects = CaseStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a case")
        verbose_name_plural = _("steps of cases")
        ordering = ["case", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "code"], condition=~Q(state="void"), name="case_step_code_once"),
            models.CheckConstraint(
                condition=~Q(state__in=("done", "half_done")) | Q(done_at__isnull=False),
                name="case_step_done_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("done_by")), name="case_step_two_people_differ"
            ),
            models.CheckConstraint(
                condition=~Q(state="done", people=2) | Q(second_at__isnull=False), name="case_step_of_two_has_both"
            ),
            models.CheckConstraint(
                condition=Q(second_at__isnull=True) | Q(second_at__gte=F("done_at")), name="case_step_runs_forward"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="open"), name="case_step_due")]
        triggers = [
            pgtrigger.Protect(
                name="done_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=ENDED_STEPS) & (~pgtrigger.Q(new__state=StepState.VOID) | CHANGED),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.code}"


class CaseFile(models.Model):
    """A document of a case, with the hash it had when it came; the proof of a step where it names one."""

    case = models.ForeignKey(Case, verbose_name=_("case"), on_delete=models.CASCADE, related_name="documents")
    step = models.ForeignKey(
        CaseStep, verbose_name=_("step"), on_delete=models.CASCADE, null=True, related_name="documents"
    )
    file = models.OneToOneField(StoredFile, verbose_name=_("file"), on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = _("document of a case")
        verbose_name_plural = _("documents of cases")
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.case_id} {self.file_id}"
