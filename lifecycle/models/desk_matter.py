"""Matters of the compliance desk: a complaint, a subject request, a breach, each with its steps and clocks."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cardfleet.files.models import StoredFile
from cardfleet.kernel.crypto import EncryptedField
from lifecycle.choices import MatterKind, MatterOutcome
from lifecycle.models.conduct import Complaint
from lifecycle.querysets import MatterQuerySet


class Matter(models.Model):
    """What came to the desk, from its receipt to its outcome.

    A request is `about` a person of ours, or about a `number` of somebody else; who asked stands in `asker`, both
    encrypted. `people` and `data` say how far a breach reached. `due_at` is the clock of the next step.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=MatterKind)
    title = models.CharField(_("about what"), max_length=120)
    summary = models.TextField(_("what happened"), blank=True)
    channel = models.CharField(_("through"), max_length=40, blank=True)
    received_at = models.DateTimeField(_("received at"))
    complaint = models.OneToOneField(
        Complaint, verbose_name=_("complaint"), on_delete=models.PROTECT, null=True, related_name="matter"
    )
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person concerned"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    asker = EncryptedField(_("who asks"), blank=True)
    number = EncryptedField(_("number concerned"), blank=True)
    people = models.PositiveIntegerField(_("people concerned"), null=True)
    data = models.CharField(_("whose data, and which"), max_length=200, blank=True)
    opened_at = models.DateTimeField(_("recorded at"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    extended_because = models.CharField(_("why it takes longer"), max_length=200, blank=True)
    due_at = models.DateTimeField(_("due"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("closed by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=MatterOutcome, blank=True)
    because = models.TextField(_("why"), blank=True)

    objects = MatterQuerySet.as_manager()

    class Meta:
        verbose_name = _("matter of the desk")
        verbose_name_plural = _("matters of the desk")
        ordering = ["-id"]
        permissions = [
            ("view_desk", _("Can see the compliance desk")),
            ("change_desk", _("Can work at the compliance desk")),
            ("erase_person", _("Can erase people who left")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="matter_has_an_outcome_iff_closed",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("received_at")), name="matter_runs_forward"
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=("kept", "refused", "withdrawn")) | ~Q(because=""), name="matter_says_why_not"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(closed_at__isnull=True), name="matter_due"),
            models.Index(fields=["kind", "-id"], name="matter_kind"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.get_kind_display()}"

    @property
    def is_open(self) -> bool:
        """Whether it has no outcome yet."""
        return self.closed_at is None


class MatterStep(models.Model):
    """One step of a matter, as its kind had it at the opening. A done one is never edited."""

    matter = models.ForeignKey(Matter, verbose_name=_("matter"), on_delete=models.CASCADE, related_name="steps")
    code = models.CharField(max_length=16)
    position = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField(_("due"), null=True)
    done_at = models.DateTimeField(_("done at"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("done by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.TextField(_("note"), blank=True)
    proof = models.ForeignKey(
        StoredFile, verbose_name=_("proof"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("step of a matter")
        verbose_name_plural = _("steps of matters")
        ordering = ["matter", "position"]
        constraints = [models.UniqueConstraint(fields=["matter", "code"], name="matter_step_once")]
        triggers = [
            pgtrigger.Protect(
                name="done_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__done_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.code}"
