"""How long messages to people are kept."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.retention import NO_FLOOR, Category, Effect, Floor, Rows, deleted, register
from cardfleet.notify.choices import MessageState
from cardfleet.notify.models import InboxItem, Message

SENT = Floor(months=6, basis=_("Network logs are kept six months at least (Cybersecurity Law, art. 21)."))


def past_messages(moment: datetime) -> QuerySet[Message]:
    """Return messages, with each try to send them, of which nothing more will come."""
    waiting = (MessageState.PENDING, MessageState.SENDING)
    return Message.objects.filter(created_at__lt=moment).exclude(state__in=waiting)


MESSAGES = Rows(past=past_messages, at="created_at", drop=deleted)
INBOX = Rows(
    past=lambda moment: InboxItem.objects.filter(created_at__lt=moment, read_at__lt=moment),
    at="created_at",
    drop=deleted,
)

register(
    Category(
        code="messages",
        label=_("Messages sent, with each delivery"),
        floor=SENT,
        default=12,
        since=_("the message"),
        effect=Effect.DELETED,
        look=MESSAGES.look,
        drop=MESSAGES.go,
        at_once=200_000,
    )
)
register(
    Category(
        code="inbox",
        label=_("Read lines of inboxes"),
        floor=NO_FLOOR,
        default=12,
        since=_("the message"),
        effect=Effect.DELETED,
        look=INBOX.look,
        drop=INBOX.go,
        at_once=200_000,
    )
)
