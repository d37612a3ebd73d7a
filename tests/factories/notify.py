"""Channels and messages: the least that is valid."""

import factory
from factory.django import DjangoModelFactory

from cardfleet.notify.choices import ChannelKind
from cardfleet.notify.models import Channel, Message
from tests.conftest import FRIDAY


class ChannelFactory(DjangoModelFactory):
    """A WeCom robot that serves everybody."""

    class Meta:
        model = Channel

    name = factory.Sequence(lambda number: f"Channel {number}")
    kind = ChannelKind.WECOM
    address = "https://robot.invalid/send?key=very-secret"


class MessageFactory(DjangoModelFactory):
    """A message that is due."""

    class Meta:
        model = Message

    key = factory.Sequence(lambda number: f"message:{number}")
    channel = factory.SubFactory(ChannelFactory)
    subject = "预警"
    body = "尾号 1234 今日外呼已达 90%"
    created_at = due_at = FRIDAY
