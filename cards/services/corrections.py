"""Taking back a state that was recorded by mistake, by a reversing row: history only grows (domain.md section 4)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import NotVisible
from cards.choices import Axis, ChangeSource
from cards.errors import CorrectionMissesReason, NothingToCorrect, NumberLivesElsewhere
from cards.models import Card, CardChange


@transaction.atomic
def correct_state(
    *, card_id: int, reason: str, actor: User | None, now: datetime, evidence: StoredFile | None = None
) -> CardChange:
    """Take back the last service state of a card, also a final one, and return the reversing row.

    The card is again what it was before, since when it was. Only the last change can be taken back; then the one
    before it can. Raises CorrectionMissesReason, NothingToCorrect for the row by which a card entered our books,
    NumberLivesElsewhere where another live card has the number now, NotVisible.
    """
    card = Card.objects.locked().filter(pk=card_id).first()
    if card is None:
        raise NotVisible
    if not reason.strip():
        raise CorrectionMissesReason
    standing = list(CardChange.objects.standing().filter(card=card, axis=Axis.SERVICE).order_by("-id"))
    if not standing or not standing[0].from_state:
        raise NothingToCorrect
    mistake, *before = standing
    _put_back(card, mistake, before, now=now)
    correction = CardChange.objects.create(
        card=card,
        axis=Axis.SERVICE,
        from_state=mistake.to_state,
        to_state=card.service_state,
        reason=card.stop_reason,
        at=mistake.at,
        recorded_at=now,
        actor=actor,
        source=ChangeSource.PERSON,
        evidence=evidence,
        note=reason.strip(),
        reverses=mistake,
    )
    record(
        actor=actor,
        action="cards.service_state_corrected",
        subject=card,
        reason=reason.strip(),
        now=now,
        data={"change": correction.pk, "from": correction.from_state, "to": correction.to_state},
    )
    return correction


def _put_back(card: Card, mistake: CardChange, before: Sequence[CardChange], *, now: datetime) -> None:
    card.service_state = mistake.from_state
    card.stop_reason = before[0].reason if before else ""
    for change in before:
        if change.to_state != mistake.from_state:
            break
        card.service_since = change.at
    card.updated_at = now
    try:
        with transaction.atomic():
            card.save(update_fields=["service_state", "stop_reason", "service_since", "updated_at"])
    except IntegrityError as error:
        raise NumberLivesElsewhere from error
