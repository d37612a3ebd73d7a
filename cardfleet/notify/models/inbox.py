"""Each person's inbox, and how they wish to be told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cardfleet.notify.choices import Mode
from cardfleet.notify.querysets import InboxQuerySet


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


class Preference(models.Model):
    """How a person is told beside the inbox: by mail or not, quiet hours, and when the daily digest comes."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="preference"
    )
    email = models.BooleanField(_("by e-mail"), default=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    urgent_through = models.BooleanField(_("what is critical comes all the same"), default=True)
    digest_at = models.TimeField(_("daily digest at"), null=True, blank=True)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")

    def __str__(self) -> str:
        return str(self.user_id)


class Subscription(models.Model):
    """How a person is told of one topic; of topics without a row at once, and outside when it is grave."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="subscriptions"
    )
    topic = models.CharField(_("topic"), max_length=64)
    mode = models.CharField(_("how"), max_length=8, choices=Mode)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="subscription_once_per_topic")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.topic}"
