"""What the steps of a cancellation and a destruction do to a card and its money (R17, R91, R92, R103, R106, R107)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from billing.choices import EntryKind
from billing.models import AccountCard
from billing.services import ledger
from billing.services.top_ups.paying import record_top_up
from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cards.choices import ENDED, Axis, ChangeSource, ServiceState
from cards.models import Card, CardChange
from lifecycle.errors import NoAccount
from lifecycle.services.states import record_state


@transaction.atomic
def record_payment(
    *, card: Card, amount: Decimal, reference: str, key: str, actor: User | None, now: datetime
) -> int | None:
    """Record what was paid before a number is given up, once for a key, and return the entry's id. NoAccount."""
    account = _payer(card).account
    recorded = record_top_up(
        account=account, card=card, amount=amount, reference=reference, key=key, actor=actor, now=now
    )
    return recorded.entry_id


@transaction.atomic
def record_final_bill(
    *, card: Card, charged: Decimal, refunded: Decimal, keys: tuple[str, str], actor: User | None, now: datetime
) -> list[int]:
    """Post what the final bill charges beyond what is posted, and what was paid out, by their keys; return the ids."""
    if not charged and not refunded:
        return []
    account = _payer(card).account
    entries = []
    if charged:
        charge = ledger.charge(account=account, card=card, amount=charged, key=keys[0], actor=actor, now=now)
        entries.append(charge.pk)
    if refunded:
        refund = ledger.post(
            account=account,
            card=card,
            kind=EntryKind.REFUND,
            amount=-refunded,
            key=keys[1],
            actor=actor,
            now=now,
        )
        entries.append(refund.pk)
    return entries


@transaction.atomic
def record_submitted(
    *,
    card: Card,
    reason: str,
    source: str,
    at: datetime,
    files: Sequence[StoredFile],
    note: str,
    actor: User | None,
    now: datetime,
) -> None:
    """Record that the cancellation is under way, unless that is known already. ChangeRefused."""
    _record(
        card,
        to=ServiceState.CANCEL_PENDING,
        reason=reason,
        source=source,
        at=at,
        files=files,
        note=note,
        actor=actor,
        now=now,
    )


@transaction.atomic
def record_ended(
    *, card: Card, reason: str, at: datetime, files: Sequence[StoredFile], note: str, actor: User | None, now: datetime
) -> Card:
    """Record that the carrier ended the number, unless its own list said so before; return the card as it is then."""
    if card.service_state not in ENDED:
        _record(
            card,
            to=ServiceState.CANCELLED,
            reason=reason,
            source=ChangeSource.CARRIER_CALL,
            at=at,
            files=files,
            note=note,
            actor=actor,
            now=now,
        )
    return Card.objects.select_related("carrier").get(pk=card.pk)


@transaction.atomic
def take_back_cancellation(*, card_id: int, note: str, actor: User | None, now: datetime) -> CardChange | None:
    """Put a card whose cancellation is withdrawn or refused into the state it had before; None where it is in none."""
    history = CardChange.objects.standing().filter(card=card_id, axis=Axis.SERVICE).order_by("-pk")
    last = list(history[:2])
    if not last or last[0].to_state != ServiceState.CANCEL_PENDING:
        return None
    before = last[0].from_state or ServiceState.ACTIVE
    reason = last[-1].reason if last[-1].to_state == before else ""
    return record_state(
        card_id=card_id,
        to=before,
        reason=reason,
        source=ChangeSource.PERSON,
        at=now,
        actor=actor,
        now=now,
        note=note,
    )


def _record(
    card: Card,
    *,
    to: ServiceState,
    reason: str,
    source: str,
    at: datetime,
    files: Sequence[StoredFile],
    note: str,
    actor: User | None,
    now: datetime,
) -> None:
    if card.service_state == to:
        return
    record_state(
        card_id=card.pk,
        to=to,
        reason=reason,
        source=source,
        at=at,
        actor=actor,
        now=now,
        evidence=files[0] if files else None,
        note=note,
    )


def _payer(card: Card) -> AccountCard:
    member = AccountCard.objects.current().filter(card=card).select_related("account").first()
    if member is None:
        raise NoAccount
    return member
