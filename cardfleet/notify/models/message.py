"""The outbox and its delivery log."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cardfleet.files.models import StoredFile
from cardfleet.kernel.clock import to_the_minute
from cardfleet.notify.choices import MessageState
from cardfleet.notify.models.channel import Channel
from cardfleet.notify.querysets import MessageQuerySet


class Message(models.Model):
    """A message in the outbox, claimed by conditional update. The key makes it exist once however often a job runs."""

    key = models.CharField(_("key"), max_length=200, unique=True)
    channel = models.ForeignKey(
        Channel,
        verbose_name=_("channel"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
    )
    email = models.EmailField(_("e-mail"), blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    attachment = models.ForeignKey(
        StoredFile, verbose_name=_("attachment"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=8, choices=MessageState, default=MessageState.PENDING)
    created_at = models.DateTimeField(_("written at"))
    due_at = models.DateTimeField(_("due at"))
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("outbox")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__isnull=False) ^ ~Q(email=""), name="message_has_one_destination"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="message_pending_due"),
            models.Index(fields=["claimed_at"], condition=Q(state="sending"), name="message_sending_since"),
        ]

    def __str__(self) -> str:
        return self.subject


class Delivery(models.Model):
    """One attempt to send a message."""

    message = models.ForeignKey(Message, verbose_name=_("message"), on_delete=models.CASCADE, related_name="deliveries")
    at = models.DateTimeField(_("time"))
    ok = models.BooleanField(_("delivered"))
    permanent = models.BooleanField(_("failed for good"), default=False)
    detail = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{to_the_minute(self.at)} {self.message}"
