"""Complaints about calls from a card, and notifications of its number: they count towards its risk (R35, R40)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import BadInput, NotVisible, Reason
from cards.models import Card
from lifecycle.choices import MatterKind, ReportKind
from lifecycle.errors import TakenBack
from lifecycle.models import Complaint
from lifecycle.services.desk.matters import drop_matter_of, open_matter


@transaction.atomic
def record_complaint(
    *,
    card_id: int,
    received_at: datetime,
    channel: str,
    actor: User | None,
    now: datetime,
    kind: str = ReportKind.COMPLAINT,
    is_valid: bool = True,
    summary: str = "",
) -> Complaint:
    """Record what reached us; only a valid one counts. The journal holds no word of it.

    A complaint, valid or not, has to be answered: its matter is opened, with its clocks from its receipt.
    """
    if received_at > now:
        message = _("This has not happened yet. Correct the time.")
        raise BadInput(reasons=[Reason(code="in_the_future", field="received_at", message=message)])
    card = Card.objects.filter(pk=card_id).locked().first()
    if card is None:
        raise NotVisible
    complaint = Complaint.objects.create(
        card=card,
        kind=kind,
        received_at=received_at,
        channel=channel,
        is_valid=is_valid,
        summary=summary,
        recorded_by=actor,
    )
    record(
        actor=actor,
        action="lifecycle.complaint_recorded",
        subject=card,
        related=(complaint,),
        now=now,
        data={"kind": kind, "valid": is_valid},
    )
    if kind == ReportKind.COMPLAINT:
        open_matter(
            kind=MatterKind.COMPLAINT,
            title=gettext("Complaint through {channel}").format(channel=channel),
            summary=summary,
            channel=channel,
            received_at=received_at,
            complaint=complaint,
            actor=actor,
            now=now,
        )
    return complaint


@transaction.atomic
def take_back(*, complaint_id: int, reason: str, actor: User | None, now: datetime) -> Complaint:
    """Put a mistaken row right by one that reverses it; neither counts from then on. TakenBack when it was already."""
    mistaken = Complaint.objects.filter(pk=complaint_id).select_related("card").first()
    if mistaken is None:
        raise NotVisible
    Card.objects.filter(pk=mistaken.card_id).locked().get()
    if not Complaint.objects.standing().filter(pk=complaint_id).exists():
        raise TakenBack
    row = Complaint.objects.create(
        card=mistaken.card,
        kind=mistaken.kind,
        received_at=mistaken.received_at,
        channel=mistaken.channel,
        is_valid=mistaken.is_valid,
        summary=reason,
        reverses=mistaken,
        recorded_by=actor,
    )
    record(
        actor=actor,
        action="lifecycle.complaint_taken_back",
        subject=mistaken.card,
        related=(row,),
        now=now,
        reason=reason,
        data={"kind": mistaken.kind},
    )
    drop_matter_of(complaint=mistaken, because=reason, actor=actor, now=now)
    return row
