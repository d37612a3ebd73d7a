"""The outbox, its channels and delivery log, and each person's inbox."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import Team
from cardfleet.kernel.crypto import EncryptedField
from cardfleet.notify.choices import ChannelKind, MessageState
from cardfleet.notify.querysets import ChannelQuerySet, InboxQuerySet, MessageQuerySet


class Channel(models.Model):
    """A place messages go to: an address or a robot's hook. Serves one team and below, or everybody."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=ChannelKind)
    address = EncryptedField(_("address"), help_text=_("E-mail address, or the robot's full hook address."))
    secret = EncryptedField(_("signing secret"), blank=True)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_active = models.BooleanField(_("active"), default=True)
    disabled_reason = models.TextField(_("why it was disabled"), blank=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


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
        return f"{self.at:%Y-%m-%d %H:%M} {self.message}"


class InboxItem(models.Model):
    """A line in a person's inbox: a registered message code with its parameters, worded when it is read."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="inbox"
    )
    key = models.CharField(_("key"), max_length=200)
    code = models.CharField(_("code"), max_length=64)
    params = models.JSONField(_("parameters"), default=dict, blank=True)
    url = models.CharField(_("link"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("time"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = InboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("inbox item")
        verbose_name_plural = _("inbox")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="inbox_once_per_person_and_key")]
        indexes = [models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="inbox_unread")]

    def __str__(self) -> str:
        return f"{self.user}: {self.code}"
