"""Carrier rules as data, versioned by dates (design, section 6; R2, R21)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cardfleet.files.models import StoredFile
from cards.choices import Confidence, RuleAction, Severity
from cards.models.card import Card
from cards.models.carrier import Carrier
from cards.models.plan import RatePlan
from cards.querysets import CarrierRuleQuerySet


class CarrierRule(models.Model):
    """One version of a rule. `kind` names a function of lifecycle's registry; the most specific scope wins.

    Once in force a version is not edited: a change is a new version of the same `lineage`. One that was superseded on
    its own first day ends where it begins, and holds for no day.
    """

    lineage = models.UUIDField(default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    carrier = models.ForeignKey(
        Carrier,
        verbose_name=_("carrier"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rules",
    )
    plan = models.ForeignKey(
        RatePlan,
        verbose_name=_("plan"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rules",
    )
    region = models.CharField(_("region"), max_length=40, blank=True)
    industry = models.CharField(_("industry"), max_length=40, blank=True)
    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.PROTECT, null=True, blank=True, related_name="rules"
    )
    warn = models.DecimalField(_("warn at"), max_digits=12, decimal_places=3, null=True, blank=True)
    limit = models.DecimalField(_("limit"), max_digits=12, decimal_places=3, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    window = models.CharField(_("window"), max_length=40, blank=True)
    params = models.JSONField(_("further values"), default=dict, blank=True)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity)
    action = models.CharField(_("action"), max_length=13, choices=RuleAction, default=RuleAction.WARN)
    consequence = models.TextField(_("what the carrier does"), blank=True)
    source = models.CharField(_("source"), max_length=200)
    document = models.ForeignKey(
        StoredFile,
        verbose_name=_("source document"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    confidence = models.CharField(_("confidence"), max_length=8, choices=Confidence, default=Confidence.DEFAULT)
    is_illustrative = models.BooleanField(_("illustrative"), default=True)
    effective_from = models.DateField(_("from"))
    effective_to = models.DateField(_("until (not included)"), null=True, blank=True)
    reason = models.TextField(_("why it was changed"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("written at"))

    objects = CarrierRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("carrier rule")
        verbose_name_plural = _("carrier rules")
        ordering = ["kind", "carrier", "-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["lineage", "version"], name="rule_version_once"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                violation_error_message=_("A rule does not end before it begins."),
                name="rule_period_runs_forward",
            ),
        ]
        indexes = [models.Index(fields=["kind", "effective_from"], name="rule_kind_from")]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"
