"""How near each card is to a stop, and why."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.choices import Severity
from cards.models import Card, CarrierRule
from lifecycle.choices import RiskBand


class Finding(models.Model):
    """That a rule version was warned or hit on a day; keeps the version and the evidence (invariant 9).

    `evidence` holds the facts it rests on and as of when; unit and window are the version's.
    """

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.CASCADE, related_name="findings")
    rule = models.ForeignKey(CarrierRule, verbose_name=_("rule"), on_delete=models.PROTECT, related_name="findings")
    kind = models.CharField(_("kind"), max_length=40)
    day = models.DateField(_("day"))
    severity = models.CharField(_("severity"), max_length=8, choices=Severity)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=3)
    warn = models.DecimalField(_("warn at"), max_digits=12, decimal_places=3, null=True)
    limit = models.DecimalField(_("limit"), max_digits=12, decimal_places=3, null=True)
    points = models.PositiveSmallIntegerField(_("points"), default=0)
    limit_at = models.DateTimeField(_("limit reached at"), null=True)
    code = models.CharField(max_length=64)
    params = models.JSONField(default=dict)
    evidence = models.JSONField(_("evidence"), default=dict)
    advice = models.CharField(max_length=64, blank=True)
    seen_at = models.DateTimeField(_("last seen at"))

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-day", "-points"]
        constraints = [models.UniqueConstraint(fields=["card", "day", "kind"], name="finding_once_per_day")]
        indexes = [models.Index(fields=["day", "kind"], name="finding_day_kind")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.kind} {self.day}"

    @property
    def share(self) -> Decimal | None:
        """The value as a part of the limit."""
        return (self.value / self.limit).quantize(Decimal("0.001")) if self.limit else None


class RiskAssessment(models.Model):
    """The present risk of a card: 0-100, with drivers whose points add up to it.

    `drivers` is a list of {kind, code, params, points, value, warn, limit, unit, stops_at,
    illustrative, rule}.
    """

    card = models.OneToOneField(
        Card, verbose_name=_("card"), on_delete=models.CASCADE, primary_key=True, related_name="risk"
    )
    score = models.PositiveSmallIntegerField(_("score"))
    band = models.CharField(_("band"), max_length=6, choices=RiskBand)
    drivers = models.JSONField(default=list)
    advice = models.JSONField(default=list)
    limit_at = models.DateTimeField(_("limit reached at"), null=True)
    calls_today = models.PositiveIntegerField(_("Calls today"), default=0)
    call_limit = models.PositiveIntegerField(_("Cap of calls"), null=True)
    assessed_at = models.DateTimeField(_("assessed at"))
    facts_as_of = models.DateTimeField(_("facts as of"), null=True)

    class Meta:
        verbose_name = _("risk")
        verbose_name_plural = _("risks")
        permissions = [
            ("view_fleet", _("Can see the board and the fleet list")),
            ("view_my_cards", _("Can see the cards in one's own hands")),
        ]
        constraints = [models.CheckConstraint(condition=Q(score__range=(0, 100)), name="risk_0_to_100")]
        indexes = [models.Index(fields=["-score"], name="risk_score")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.score}"


class RiskDay(models.Model):
    """The last score of a card on a day, for the trend."""

    pk = models.CompositePrimaryKey("card_id", "day")
    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    score = models.PositiveSmallIntegerField(_("score"))

    class Meta:
        verbose_name = _("risk of a day")
        verbose_name_plural = _("risk by day")

    def __str__(self) -> str:
        return f"{self.card_id} {self.day} {self.score}"
