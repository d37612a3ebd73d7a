"""Which steps a kind of case takes: data, by reason and carrier, in versions that are never edited once used."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.choices import ServiceState
from cards.models import Carrier
from lifecycle.choices import CaseKind, ClockUnit, StepEvidence, StepStart
from lifecycle.querysets import PlaybookQuerySet


class Playbook(models.Model):
    """The steps of a kind of case for a reason and a carrier; empty means any.

    The latest version in force of the most specific one is copied into a case when it is opened. `digest` is that of
    the steps the code ships; empty once people wrote it.
    """

    kind = models.CharField(_("kind"), max_length=16, choices=CaseKind)
    reason = models.CharField(_("reason"), max_length=16, blank=True, help_text=_("Empty: any reason."))
    carrier = models.ForeignKey(
        Carrier,
        verbose_name=_("carrier"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: any carrier."),
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    effective_from = models.DateField(_("in force from"))
    digest = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("written at"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = PlaybookQuerySet.as_manager()

    class Meta:
        verbose_name = _("playbook")
        verbose_name_plural = _("playbooks")
        ordering = ["kind", "reason", "carrier", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "reason", "carrier", "version"], nulls_distinct=False, name="playbook_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} v{self.version}"


class StepTerms(models.Model):
    """What a step asks for: who does it, what it leaves as proof, whether later steps wait for it, its clock.

    `who` is the codename of a permission. `holds`: until it is done the card may neither be handed out nor stand in
    for another. `awaits`: the state of the card that does this step by itself.
    """

    position = models.PositiveSmallIntegerField(_("position"))
    code = models.SlugField(_("code"), max_length=32)
    title = models.CharField(_("title"), max_length=80, blank=True)
    who = models.CharField(_("right of who does it"), max_length=64)
    evidence = models.CharField(_("proof"), max_length=12, choices=StepEvidence, default=StepEvidence.NONE)
    people = models.PositiveSmallIntegerField(
        _("people"), default=1, validators=[MinValueValidator(1), MaxValueValidator(2)]
    )
    is_gate = models.BooleanField(_("later steps wait for it"), default=True)
    holds = models.BooleanField(_("holds the card back"), default=False)
    starts = models.CharField(_("clock runs"), max_length=8, choices=StepStart, default=StepStart.PREVIOUS)
    awaits = models.CharField(_("done by the card's state"), max_length=16, choices=ServiceState, blank=True)
    clock_amount = models.PositiveSmallIntegerField(_("time allowed"), default=0, help_text=_("0: none."))
    clock_unit = models.CharField(_("unit"), max_length=8, choices=ClockUnit, default=ClockUnit.HOURS)

    class Meta:
        abstract = True


class PlaybookStep(StepTerms):
    """One step of a playbook."""

    playbook = models.ForeignKey(Playbook, verbose_name=_("playbook"), on_delete=models.CASCADE, related_name="steps")

    class Meta:
        verbose_name = _("step of a playbook")
        verbose_name_plural = _("steps of playbooks")
        ordering = ["playbook", "position"]
        constraints = [
            models.UniqueConstraint(fields=["playbook", "position"], name="playbook_step_position_once"),
            models.UniqueConstraint(fields=["playbook", "code"], name="playbook_step_code_once"),
            models.CheckConstraint(condition=Q(people__in=(1, 2)), name="playbook_step_one_or_two_people"),
            models.CheckConstraint(condition=Q(holds=False) | Q(is_gate=True), name="playbook_hold_is_gate"),
        ]

    def __str__(self) -> str:
        return self.title or self.code
