"""Receivers of events, what goes to each, and every attempt."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cardfleet.journal.models import Seal
from cardfleet.kernel.clock import to_the_minute
from cardfleet.kernel.crypto import EncryptedField
from cardfleet.webhooks.choices import OPEN, DeliveryState, DisabledFor
from cardfleet.webhooks.querysets import DeliveryQuerySet, WebhookQuerySet


class Webhook(models.Model):
    """An address that is told of events. Events up to `position` were looked at; what it asks for of them waits."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    address = models.CharField(_("address"), max_length=500)
    actions = ArrayField(models.CharField(max_length=64), verbose_name=_("actions"))
    kinds = ArrayField(models.CharField(max_length=64), verbose_name=_("kinds of subjects"), default=list, blank=True)
    about = ArrayField(models.CharField(max_length=100), verbose_name=_("about"), default=list, blank=True)
    secret = EncryptedField(_("signing secret"))
    old_secret = EncryptedField(_("signing secret before"), blank=True)
    old_secret_until = models.DateTimeField(_("old secret signs until"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("told of failures"), on_delete=models.PROTECT, related_name="+"
    )
    is_active = models.BooleanField(_("active"), default=True)
    disabled_for = models.CharField(_("why it was disabled"), max_length=8, choices=DisabledFor, blank=True)
    position = models.BigIntegerField(_("looked at up to position"))
    last_success_at = models.DateTimeField(_("last delivered at"), null=True, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(actions=[]), name="webhook_asks_for_something")]

    def __str__(self) -> str:
        return self.name

    def secrets_at(self, now: datetime) -> list[str]:
        """Return the secrets that sign: the new one, and the old one while it overlaps."""
        is_old_good = self.old_secret_until is not None and now < self.old_secret_until
        return [self.secret, self.old_secret] if is_old_good else [self.secret]


class Delivery(models.Model):
    """An event for a receiver; sent when nothing before it in its lanes still waits."""

    webhook = models.ForeignKey(Webhook, verbose_name=_("webhook"), on_delete=models.CASCADE, related_name="deliveries")
    seal = models.ForeignKey(Seal, verbose_name=_("event"), on_delete=models.PROTECT, related_name="+")
    lanes = ArrayField(models.CharField(max_length=100), verbose_name=_("kept in order by"))
    state = models.CharField(_("state"), max_length=9, choices=DeliveryState, default=DeliveryState.PENDING)
    due_at = models.DateTimeField(_("due at"))
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    tried_since = models.DateTimeField(_("tried since"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("attempts"), default=0)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("event for a webhook")
        verbose_name_plural = _("events for webhooks")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["webhook", "seal"], name="webhook_event_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=sorted(OPEN)), name="webhook_event_open"),
            GinIndex(fields=["lanes"], condition=Q(state__in=sorted(OPEN)), name="webhook_event_lanes"),
            models.Index(fields=["webhook", "-id"], name="webhook_event_log"),
            models.Index(fields=["webhook"], condition=Q(state=DeliveryState.FAILED), name="webhook_event_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.webhook} {self.seal_id}"

    @property
    def event_id(self) -> str:
        """The id that receivers see: the same in every attempt and for every receiver."""
        return f"evt_{self.seal_id}"


class Attempt(models.Model):
    """One call of a receiver: the status and the beginning of its answer, or why there was none."""

    delivery = models.ForeignKey(
        Delivery, verbose_name=_("event for a webhook"), on_delete=models.CASCADE, related_name="attempts"
    )
    at = models.DateTimeField(_("time"))
    ok = models.BooleanField(_("delivered"))
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    ms = models.PositiveIntegerField(_("milliseconds"))
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("attempt of a webhook")
        verbose_name_plural = _("attempts of webhooks")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{to_the_minute(self.at)} {self.status or self.answer}"
