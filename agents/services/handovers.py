"""Receipts of hand-overs: one an act and agent, signed for in one go (R8, R74, R75)."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from agents.choices import HandoverKind
from agents.errors import HandoverEnded, NothingChosen, NotTheHolder, SignatureMissing
from agents.models import Assignment, Handover
from agents.rules.receipts import TERMS_NOW, is_signed
from cardfleet.accounts.models import User
from cardfleet.files.services import store
from cardfleet.journal.recording import Deed, record_many
from cardfleet.kernel.transactions import one_transaction
from cards.models import Card

SIGNATURE = "agents.signature"


@one_transaction
def open_receipt(
    *,
    assignment: Assignment,
    act: uuid.UUID,
    actor: User | None,
    now: datetime,
    kind: str = HandoverKind.HANDOUT,
    accessories: str = "",
) -> Handover:
    """Open the receipt of an act for its agent with the first card that was handed out."""
    receipt = Handover.objects.create(
        act=act,
        kind=kind,
        agent=assignment.agent,
        handed_by=actor,
        handed_at=now,
        accessories=accessories,
        terms=TERMS_NOW,
    )
    add_to_receipt(receipt=receipt, assignment=assignment)
    return receipt


@one_transaction
def add_to_receipt(*, receipt: Handover, assignment: Assignment) -> None:
    """Put a card just handed out, still locked, on the receipt of its act."""
    assignment.handover = receipt
    assignment.save(update_fields=["handover"])


@one_transaction
def accept_all(
    *,
    assignment_ids: Sequence[int],
    actor: User,
    now: datetime,
    drawing: bytes = b"",
    signed_name: str = "",
) -> list[Assignment]:
    """Sign for all the cards shown, at once; only the agent they were handed to can. A second time changes nothing.

    `drawing` is the signature as PNG, else `signed_name` is the name typed in its place. Cards handed out without a
    receipt get one. NotTheHolder, SignatureMissing; HandoverEnded where one of them was taken back meanwhile: what is
    signed is what was shown.
    """
    assignments = _locked(assignment_ids)
    if any(held.agent.user_id != actor.pk for held in assignments):
        raise NotTheHolder
    if any(held.ended_at or held.undone_at for held in assignments):
        raise HandoverEnded
    waiting = [held for held in assignments if not held.accepted_at]
    if not waiting:
        return assignments
    if not is_signed(name=actor.name, drawing=drawing, signed_name=signed_name):
        raise SignatureMissing
    for receipt in _receipts(waiting):
        _sign(receipt, actor=actor, now=now, drawing=drawing, signed_name=signed_name)
    Assignment.objects.filter(pk__in=[held.pk for held in waiting]).update(accepted_at=now)
    deeds = [_deed(held) for held in waiting]
    record_many(deeds, actor=actor, now=now)
    return assignments


def _locked(assignment_ids: Sequence[int]) -> list[Assignment]:
    """Lock the cards first and the assignments after them, as hand-outs and returns do."""
    known = Assignment.objects.filter(pk__in=assignment_ids)
    list(Card.objects.filter(pk__in=known.values("card")).locked())
    found = list(known.select_related("card", "agent__user", "handover").locked())
    if not found:
        raise NothingChosen
    if len(found) < len(set(assignment_ids)):
        raise HandoverEnded
    return found


def _receipts(waiting: Sequence[Assignment]) -> list[Handover]:
    """Return the receipts of the assignments, with one made for those that have none."""
    bare = [held for held in waiting if held.handover_id is None]
    if bare:
        first = bare[0]
        handed_at = min(held.started_at for held in bare)
        made = Handover.objects.create(
            agent=first.agent, handed_by_id=first.handed_by_id, handed_at=handed_at, terms=TERMS_NOW
        )
        Assignment.objects.filter(pk__in=[held.pk for held in bare]).update(handover=made)
        for held in bare:
            held.handover = made
    return list({held.handover.pk: held.handover for held in waiting if held.handover}.values())


def _sign(receipt: Handover, *, actor: User, now: datetime, drawing: bytes, signed_name: str) -> None:
    """Put the signature under a receipt; each keeps a file of its own, so that who sees the receipt sees it."""
    receipt.accepted_at = now
    receipt.signed_name = "" if drawing else signed_name.strip()
    if drawing:
        name = f"signature-{receipt.pk}.png"
        receipt.signature = store(content=drawing, name=name, purpose=SIGNATURE, owner=actor, now=now, subject=receipt)
    receipt.save(update_fields=["accepted_at", "signed_name", "signature"])
    record_many(
        [Deed(action="agents.handover_signed", subject=receipt, related=(receipt.agent,))], actor=actor, now=now
    )


def _deed(held: Assignment) -> Deed:
    return Deed(
        action="agents.card_accepted",
        subject=held.card,
        related=(held.agent, held),
        data={"assignment": held.pk, "handover": held.handover_id},
    )
