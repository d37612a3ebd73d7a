"""The outbox, its channels and delivery log, each person's inbox and wishes."""

from cardfleet.notify.models.channel import Channel
from cardfleet.notify.models.inbox import InboxItem, Preference, Subscription
from cardfleet.notify.models.message import Delivery, Message

__all__ = ["Channel", "Delivery", "InboxItem", "Message", "Preference", "Subscription"]
