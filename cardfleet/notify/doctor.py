"""What `manage.py doctor` asks of the outbox."""

from datetime import timedelta

from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.health import Unwell, register
from cardfleet.notify.models import Channel, Message

LATE = timedelta(minutes=15)


def messages_get_through() -> None:
    """Unwell when a channel was disabled because it failed, or messages wait longer than any first retry does."""
    try:
        _look()
    except DatabaseError as error:
        raise Unwell(_("The outbox cannot be read while the database is not set up.")) from error


def _look() -> None:
    broken = Channel.objects.filter(is_active=False, owner=None).exclude(disabled_reason="").order_by("name")
    names = ", ".join(broken.values_list("name", flat=True))
    if names:
        raise Unwell(_("Correct the address of these channels and switch them on: {names}.").format(names=names))
    if Message.objects.due(timezone.now() - LATE).exists():
        raise Unwell(_("Messages wait in the outbox. Start the worker and beat."))


register("messages", messages_get_through)
