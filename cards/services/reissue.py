"""A number goes on with a new SIM: lost, faulty or of another size (R39, R47, R52)."""

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import BadInput, Conflict, NotVisible
from cardfleet.kernel.reading import Unreadable
from cardfleet.kernel.transactions import one_transaction
from cards.choices import Condition, WhyReissued
from cards.errors import ReissueRefused
from cards.models import Card, VoidedSim
from cards.rules.identifiers import normalise_iccid, normalise_imsi
from cards.rules.reissue import ReissueFacts, place_after, unmet
from cards.selectors.voided import is_in_use, void_among
from cards.services.custody import CustodyMove, change_custodies
from cards.services.secrets import void_secrets


@one_transaction
def reissue_sim(
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
    """Put a card on a new SIM and return the old one, void from `at` (aware).

    The card keeps its number, history, money and holder; its secrets are erased, since they were the old SIM's. The
    new SIM goes to whoever held a lost or faulty one, else into stock. The service state is not touched. BadInput for
    an ICCID or IMSI that cannot be right, ReissueRefused with what clears it, NotVisible.
    """
    card = Card.objects.locked().filter(pk=card_id).first()
    if card is None:
        raise NotVisible
    new, new_imsi = _read(iccid, imsi)
    facts = _facts(card, new, why=why, in_hand=in_hand, at=at, now=now)
    if reasons := list(unmet(facts)):
        raise ReissueRefused(reasons=reasons)
    old = VoidedSim.objects.create(
        card=card,
        iccid=card.iccid,
        imsi=card.imsi,
        why=WhyReissued(why),
        in_hand=in_hand,
        at=at,
        recorded_at=now,
        by=actor,
    )
    _put_on(card, new, new_imsi, now=now)
    void_secrets(card_id=card.pk, reason=gettext("The SIM was replaced."), actor=actor, now=now)
    _place(card, at=at, note=note, actor=actor, now=now)
    data = {"voided": old.pk, "why": old.why, "in_hand": in_hand}
    record(actor=actor, action="cards.sim_reissued", subject=card, related=(old,), reason=note, now=now, data=data)
    return old


def _read(iccid: str, imsi: str) -> tuple[str, str]:
    faults, values = [], []
    for name, text, normalise in (("iccid", iccid, normalise_iccid), ("imsi", imsi, normalise_imsi)):
        try:
            values.append(normalise(text).value if text or name == "iccid" else "")
        except Unreadable as error:
            faults.append(error.as_reason(field=name, value=text))
    if faults:
        raise BadInput(reasons=faults)
    return values[0], values[1]


def _facts(card: Card, new: str, *, why: str, in_hand: bool, at: datetime, now: datetime) -> ReissueFacts:
    last = card.voided_sims.first()
    return ReissueFacts(
        service_state=card.service_state,
        custody_state=card.custody_state,
        old_iccid=card.iccid,
        new_iccid=new,
        new_is_card=is_in_use(new),
        new_is_void=bool(void_among([new])),
        why=why,
        in_hand=in_hand,
        since=last.at if last else None,
        at=at,
        now=now,
    )


def _put_on(card: Card, iccid: str, imsi: str, *, now: datetime) -> None:
    card.iccid, card.imsi, card.condition, card.updated_at = iccid, imsi, Condition.GOOD, now
    try:
        card.save(update_fields=["iccid", "imsi", "condition", "updated_at"])
    except IntegrityError as error:
        raise Conflict from error


def _place(card: Card, *, at: datetime, note: str, actor: User | None, now: datetime) -> None:
    to = place_after(card.custody_state, is_held=card.holder_id is not None)
    if to is None:
        return
    move = CustodyMove(
        card_id=card.pk,
        to=to,
        holder=card.holder,
        team=card.team,
        at=max(at, card.custody_since),
        note=note,
        sim_reissued=True,
    )
    change_custodies(moves=[move], actor=actor, now=now, locked=[card])
