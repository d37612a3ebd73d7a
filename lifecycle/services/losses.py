"""A card that is lost or stolen: reported in one press, stopped, then found, re-issued or given up (R50, R52)."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext

from agents.services.lost import write_off
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.transactions import one_transaction
from cards.choices import ChangeSource, CustodyState, ServiceState, StopReason
from cards.models import Card, VoidedSim
from cards.querysets import CardQuerySet
from cards.rules.reissue import state_after
from cards.selectors.losses import before_loss
from cards.services.cards import edit_facts
from cards.services.custody import change_custody
from cards.services.secrets import void_secrets
from lifecycle.choices import CaseKind, CaseSource
from lifecycle.errors import StepRefused
from lifecycle.models import Case
from lifecycle.playbooks.registry import Asked
from lifecycle.rules.cases.losses import LossTimes, noticed_unmet
from lifecycle.services.cases import open_case, remember
from lifecycle.services.reissue import reissue_card
from lifecycle.services.states import record_state

PENALTIES = (ServiceState.FORCED_STOP, ServiceState.REVERIFY_STOP)


@one_transaction
def report_loss(
    *,
    card_id: int,
    cards: CardQuerySet,
    reason: str = StopReason.LOST,
    noticed_at: datetime | None = None,
    lost: Collection[str] = (),
    note: str = "",
    source: str = CaseSource.AGENT,
    actor: User,
    now: datetime,
) -> Case:
    """Open the case of a lost card among those the person may speak of, and say how long the report took.

    `lost` are LostWith values. StepRefused for a time that has not come; else as `open_case`. NotVisible.
    """
    if not cards.filter(pk=card_id).exists():
        raise NotVisible
    noticed = noticed_at or now
    if reasons := list(noticed_unmet(noticed, now=now)):
        raise StepRefused(reasons=reasons)
    case = open_case(card_id=card_id, kind=CaseKind.LOSS, reason=reason, source=source, note=note, actor=actor, now=now)
    times = LossTimes(noticed_at=noticed, reported_at=now)
    remember(
        case=case,
        facts={
            "noticed_at": noticed.isoformat(),
            "minutes_to_report": times.minutes_to_report,
            "lost": sorted(map(str, lost)),
        },
    )
    return case


def missing(case: Case, asked: Asked) -> None:
    """Record that the card of a new case is missing; it stays its holder's responsibility."""
    card = case.card
    if card.custody_state == CustodyState.MISSING:
        return
    change_custody(
        card=card,
        to=CustodyState.MISSING,
        holder=card.holder,
        team=card.team,
        actor=asked.actor,
        now=asked.now,
        at=max(asked.at, card.custody_since),
        note=asked.note,
    )


def stopped(case: Case, asked: Asked, *, ticket: str) -> None:
    """Record the carrier's stop of the lost card, and erase its secrets: whoever finds it may have learnt them."""
    card = Card.objects.get(pk=case.card_id)
    if card.service_state != ServiceState.LOST_STOP:
        record_state(
            card_id=card.pk,
            to=ServiceState.LOST_STOP,
            reason=case.reason,
            source=ChangeSource.CARRIER_CALL,
            at=asked.at,
            actor=asked.actor,
            now=asked.now,
            evidence=asked.files[0] if asked.files else None,
            note=asked.note,
        )
    void_secrets(card_id=card.pk, reason=gettext("The card was lost."), actor=asked.actor, now=asked.now)
    times = LossTimes(noticed_at=case.opened_at, reported_at=case.opened_at, stopped_at=asked.at)
    remember(case=case, facts={"ticket": ticket, "minutes_to_stop": times.minutes_to_stop})


def found(case: Case, asked: Asked, *, condition: str) -> None:
    """Record that the card is there again, in a condition: with its holder, else in stock; the carrier serves it again.

    It is the plastic that its holder signed for, so nobody signs anew.
    """
    card = Card.objects.get(pk=case.card_id)
    if card.custody_state == CustodyState.MISSING:
        places = [CustodyState.ISSUED] if card.holder else [CustodyState.RETURNED, CustodyState.IN_STOCK]
        for place in places:
            card = change_custody(
                card=card,
                to=place,
                holder=card.holder,
                team=card.team,
                actor=asked.actor,
                now=asked.now,
                at=max(asked.at, card.custody_since),
                note=asked.note,
            )
    edit_facts(card_id=card.pk, changes={"condition": condition}, actor=asked.actor, now=asked.now)
    resume(case.card_id, asked)


def replaced(case: Case, asked: Asked, *, iccid: str, imsi: str, why: str, in_hand: bool) -> VoidedSim:
    """Put the number on its new SIM, for its holder to sign for; a card stopped for the loss is served again."""
    old = reissue_card(
        card_id=case.card_id,
        iccid=iccid,
        imsi=imsi,
        why=why,
        in_hand=in_hand,
        at=asked.at,
        actor=asked.actor,
        now=asked.now,
        note=asked.note,
    )
    resume(case.card_id, asked)
    return old


def given_up(case: Case, asked: Asked) -> Case:
    """Leave a lost card to its cancellation, a case of its own; nobody holds it any more."""
    write_off(card_id=case.card_id, note=asked.note, actor=asked.actor, now=asked.now)
    return open_case(
        card_id=case.card_id,
        kind=CaseKind.CANCELLATION,
        reason=case.reason,
        note=asked.note,
        parent=case,
        actor=asked.actor,
        now=asked.now,
    )


def resume(card_id: int, asked: Asked) -> None:
    """Record the state a card comes back into from its loss, a penalty in force before included."""
    card = Card.objects.get(pk=card_id)
    before, reason = before_loss(card_id)
    to = state_after(card.service_state, before=before, reason=reason)
    if to is None:
        return
    record_state(
        card_id=card_id,
        to=to,
        reason=(reason or StopReason.OTHER) if to in PENALTIES else "",
        source=ChangeSource.CARRIER_CALL,
        at=asked.at,
        actor=asked.actor,
        now=asked.now,
        evidence=asked.files[0] if asked.files else None,
        note=asked.note,
    )
