"""Complaints about calls from a card: they count towards its risk (R35, R40)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import BadInput, NotVisible, Reason
from cards.models import Card
from lifecycle.models import Complaint


@transaction.atomic
def record_complaint(
    *,
    card_id: int,
    received_at: datetime,
    channel: str,
    actor: User | None,
    now: datetime,
    is_valid: bool = True,
    summary: str = "",
) -> Complaint:
    """Record a complaint that reached us; only a valid one counts. The journal holds no word of it."""
    if received_at > now:
        message = _("This has not happened yet. Correct the time.")
        raise BadInput(reasons=[Reason(code="in_the_future", field="received_at", message=message)])
    card = Card.objects.filter(pk=card_id).locked().first()
    if card is None:
        raise NotVisible
    complaint = Complaint.objects.create(
        card=card, received_at=received_at, channel=channel, is_valid=is_valid, summary=summary, recorded_by=actor
    )
    record(
        actor=actor,
        action="lifecycle.complaint_recorded",
        subject=card,
        related=(complaint,),
        now=now,
        data={"valid": is_valid},
    )
    return complaint
