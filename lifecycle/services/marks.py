"""Which platform marks a number, from when to when (R87): a wrong mark is appealed, never dodged."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput, NotVisible, Reason
from cards.models import Card
from cards.services.flags import set_marked
from lifecycle.errors import MarkedAlready, MarkEnded
from lifecycle.models import NumberMark


@transaction.atomic
def record_mark(
    *, card_id: int, platform: str, marked_on: date, actor: User | None, now: datetime, label: str = ""
) -> NumberMark:
    """Record that a platform marks a number. MarkedAlready where it is known of this platform."""
    _refuse_future(marked_on, now, field="marked_on")
    card = Card.objects.filter(pk=card_id).locked().first()
    if card is None:
        raise NotVisible
    if NumberMark.objects.open().filter(card=card, platform=platform).exists():
        raise MarkedAlready
    mark = NumberMark.objects.create(
        card=card, platform=platform, label=label, marked_on=marked_on, recorded_at=now, recorded_by=actor
    )
    set_marked(card_id=card.pk, is_marked=True, now=now)
    data = {"platform": platform}
    record(actor=actor, action="lifecycle.number_marked", subject=card, related=(mark,), now=now, data=data)
    return mark


@transaction.atomic
def end_mark(*, mark_id: int, ended_on: date, actor: User | None, now: datetime) -> NumberMark:
    """Record that a platform shows a mark no more. MarkEnded when that is known."""
    _refuse_future(ended_on, now, field="ended_on")
    mark = NumberMark.objects.filter(pk=mark_id).select_related("card").locked().first()
    if mark is None:
        raise NotVisible
    if mark.ended_on:
        raise MarkEnded
    mark.ended_on = max(ended_on, mark.marked_on)
    mark.save(update_fields=["ended_on"])
    still = NumberMark.objects.open().filter(card=mark.card_id).exists()
    set_marked(card_id=mark.card_id, is_marked=still, now=now)
    data = {"platform": mark.platform}
    record(actor=actor, action="lifecycle.mark_ended", subject=mark.card, related=(mark,), now=now, data=data)
    return mark


def _refuse_future(day: date, now: datetime, *, field: str) -> None:
    if day > business_day(now):
        message = _("This has not happened yet. Correct the day.")
        raise BadInput(reasons=[Reason(code="in_the_future", field=field, message=message)])
