"""What the company must obey and has weighed: laws, contracts, impact assessments, whom to turn to (R18, R21)."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cardfleet.files.models import StoredFile
from cards.models import Carrier, Contract
from lifecycle.choices import DirectoryKind, ImpactLevel, LawFinding, LawKind

KEPT_FOR = timedelta(days=3 * 365)


class Law(models.Model):
    """A law, regulation, contract or policy: what it asks for, who looks after it, when it is read again."""

    kind = models.CharField(_("kind"), max_length=10, choices=LawKind)
    name = models.CharField(
        _("name"), max_length=120, unique=True, error_messages={"unique": _("It is in the register already.")}
    )
    articles = models.CharField(_("articles that matter"), max_length=120, blank=True)
    asks = models.TextField(_("what it asks of us"), blank=True)
    source = models.CharField(_("where it was read"), max_length=300, blank=True)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who looks after it"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    review_on = models.DateField(_("next review"))
    is_active = models.BooleanField(_("counts"), default=True)

    class Meta:
        verbose_name = _("law or contract")
        verbose_name_plural = _("laws and contracts")
        ordering = ["review_on", "id"]

    def __str__(self) -> str:
        return self.name


class LawReview(models.Model):
    """That somebody read a text again, what had changed, and whom we told: the register's log of changes."""

    law = models.ForeignKey(Law, verbose_name=_("law or contract"), on_delete=models.PROTECT, related_name="reviews")
    at = models.DateTimeField(_("reviewed at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("reviewed by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    finding = models.CharField(_("what was found"), max_length=9, choices=LawFinding)
    note = models.TextField(_("what changed, and what we do about it"), blank=True)
    next_on = models.DateField(_("next review"))
    told = models.PositiveIntegerField(_("people told"), default=0)

    class Meta:
        verbose_name = _("review of a law")
        verbose_name_plural = _("reviews of laws")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(finding="unchanged") | ~Q(note=""), name="law_review_says_what_changed")
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.law_id} {self.at:%Y-%m-%d}"


class ImpactAssessment(models.Model):
    """What a processing may do to people, weighed beforehand; kept three years at least (PIPL art. 55, 56)."""

    title = models.CharField(_("processing"), max_length=120)
    purpose = models.TextField(_("purpose and necessity"))
    risks = models.TextField(_("what may happen to people"))
    measures = models.TextField(_("measures"))
    level = models.CharField(_("remaining risk"), max_length=6, choices=ImpactLevel)
    assessed_on = models.DateField(_("assessed on"))
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("assessed by"), on_delete=models.PROTECT, related_name="+"
    )
    review_on = models.DateField(_("next review"))
    keep_until = models.DateField(_("kept until"))
    file = models.ForeignKey(
        StoredFile, verbose_name=_("file"), on_delete=models.PROTECT, null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("impact assessment")
        verbose_name_plural = _("impact assessments")
        ordering = ["review_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(keep_until__gte=F("assessed_on") + KEPT_FOR),
                violation_error_message=_("The law asks for three years at least."),
                name="assessment_kept_three_years",
            )
        ]
        triggers = [pgtrigger.Protect(name="stays", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.title


class DirectoryEntry(models.Model):
    """Whom one turns to: a carrier, a regulator, the police, a lawyer (R18, R19)."""

    kind = models.CharField(_("kind"), max_length=9, choices=DirectoryKind)
    name = models.CharField(_("name"), max_length=80)
    carrier = models.ForeignKey(
        Carrier, verbose_name=_("carrier"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    serves = models.CharField(_("for what"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    site = models.URLField(_("site"), blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_active = models.BooleanField(_("reachable"), default=True)

    class Meta:
        verbose_name = _("entry of the directory")
        verbose_name_plural = _("directory")
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="directory_entry_once")]

    def __str__(self) -> str:
        return self.name
