"""A number that goes on with a new SIM, in a case or by itself (R39, R47, R52, R75)."""

from datetime import datetime

from agents.services.new_sims import hand_new_sim
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.transactions import one_transaction
from cards.models import VoidedSim
from cards.querysets import CardQuerySet
from cards.services.reissue import reissue_sim
from lifecycle.choices import CaseKind
from lifecycle.errors import ReissueInCase
from lifecycle.models import Case
from lifecycle.services.handout import tell_receipt

WITH_A_STEP = (CaseKind.LOSS, CaseKind.FAULT)


@one_transaction
def reissue_card(
    *,
    card_id: int,
    iccid: str,
    why: str,
    in_hand: bool,
    at: datetime,
    actor: User | None,
    now: datetime,
    imsi: str = "",
    note: str = "",
) -> VoidedSim:
    """Put a card on a new SIM, and return the old one.

    Who holds the card is told to sign for the new SIM, and cannot call before. Errors as `cards.services.reissue`.
    """
    old = reissue_sim(
        card_id=card_id, iccid=iccid, imsi=imsi, why=why, in_hand=in_hand, at=at, actor=actor, now=now, note=note
    )
    held = hand_new_sim(card_id=card_id, actor=actor, now=now)
    if held and held.handover:
        tell_receipt(receipt=held.handover, count=1, now=now)
    return old


@one_transaction
def reissue_by_itself(
    *,
    card_id: int,
    iccid: str,
    why: str,
    in_hand: bool,
    at: datetime,
    actor: User | None,
    now: datetime,
    imsi: str = "",
    note: str = "",
    cards: CardQuerySet,
) -> VoidedSim:
    """Put a card on a new SIM where no case does it. ReissueInCase while a loss or fault is open; else as above."""
    if not cards.filter(pk=card_id).exists():
        raise NotVisible
    case = Case.objects.open().filter(card=card_id, kind__in=WITH_A_STEP).order_by("pk").first()
    if case:
        raise ReissueInCase(context={"case": case.pk})
    return reissue_card(
        card_id=card_id, iccid=iccid, why=why, in_hand=in_hand, at=at, actor=actor, now=now, imsi=imsi, note=note
    )
