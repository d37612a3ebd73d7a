"""Carrier notices, and groups of alerts: what one notice explains, or what one rule does to many cards at once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cards.models import Carrier, CarrierRule
from lifecycle.choices import NoticeKind


class CarrierNotice(models.Model):
    """What a carrier announced: which regions it concerns, and when. `regions` empty: everywhere."""

    carrier = models.ForeignKey(Carrier, verbose_name=_("carrier"), on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(_("kind"), max_length=12, choices=NoticeKind)
    title = models.CharField(_("title"), max_length=120)
    regions = models.JSONField(_("regions"), default=list, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    source = models.CharField(_("source"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("carrier notice")
        verbose_name_plural = _("carrier notices")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="notice_ends_after_it_begins")
        ]
        indexes = [models.Index(fields=["ends_at"], condition=Q(withdrawn_at__isnull=True), name="notice_in_force")]

    def __str__(self) -> str:
        return self.title


class AlertGroup(models.Model):
    """Alerts shown and told as one: `key` says what they have in common, one open group a key."""

    key = models.CharField(max_length=200)
    notice = models.ForeignKey(
        CarrierNotice,
        verbose_name=_("carrier notice"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="groups",
    )
    kind = models.CharField(_("kind"), max_length=16, blank=True)
    code = models.CharField(max_length=64, blank=True)
    reason = models.CharField(_("reason"), max_length=32, blank=True)
    carrier = models.ForeignKey(
        Carrier, verbose_name=_("carrier"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rule = models.ForeignKey(CarrierRule, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(_("since"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    told_count = models.PositiveIntegerField(_("told at a size of"), default=0)

    class Meta:
        verbose_name = _("group of alerts")
        verbose_name_plural = _("groups of alerts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(closed_at__isnull=True), name="alert_group_open_once_per_key"
            )
        ]

    def __str__(self) -> str:
        return self.key
