"""Vocabulary of messages to people."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChannelKind(models.TextChoices):
    """How a message leaves."""

    EMAIL = "email", _("E-mail")
    WECOM = "wecom", _("WeCom robot")
    DINGTALK = "dingtalk", _("DingTalk robot")
    FEISHU = "feishu", _("Feishu robot")
    WEBHOOK = "webhook", _("Webhook")


class MessageState(models.TextChoices):
    """Where a message in the outbox is."""

    PENDING = "pending", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed for good")


class Urgency(models.IntegerChoices):
    """How much a message presses."""

    NORMAL = 0, _("everything")
    GRAVE = 1, _("what is grave")
    CRITICAL = 2, _("what is critical")


class Mode(models.TextChoices):
    """How a person is told of a topic."""

    NOW = "now", _("At once, also outside")
    GRAVE = "grave", _("At once; outside when it is grave")
    DIGEST = "digest", _("In the daily digest only")
    NEVER = "never", _("Not at all")
