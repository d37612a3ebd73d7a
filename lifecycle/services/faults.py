"""A card that does not work: reported, told to the carrier, mended or given a new SIM (R32, R39, R77, R78)."""

from datetime import datetime

from cardfleet.accounts.models import User
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.transactions import one_transaction
from cards.choices import ChangeSource, CustodyState, ServiceState, StopReason
from cards.models import Card
from cards.querysets import CardQuerySet
from cards.services.custody import change_custody
from lifecycle.choices import Area, CaseKind, CaseReason, CaseSource, ClockUnit
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import Asked
from lifecycle.rules.cases.faults import LEGAL_HOURS, is_within_law
from lifecycle.services.cases import open_case, remember
from lifecycle.services.states import record_state

OF_A_FAULT = (StopReason.CARD_FAULT, StopReason.MAINTENANCE)
MENDED = "repair"
IN_USE = (CustodyState.ISSUED, CustodyState.RESTING)


@one_transaction
def report_fault(
    *,
    card_id: int,
    cards: CardQuerySet,
    fault: str,
    area: str = Area.CITY,
    note: str = "",
    source: str = CaseSource.AGENT,
    actor: User,
    now: datetime,
) -> Case:
    """Open the case of a card that does not work, among those the person may speak of, and take it out of use.

    It stays with its holder, who may not call with it until the case ends; errors as `open_case`.
    """
    if not cards.filter(pk=card_id).exists():
        raise NotVisible
    case = open_case(
        card_id=card_id,
        kind=CaseKind.FAULT,
        reason=CaseReason.UNKNOWN,
        source=source,
        note=note,
        actor=actor,
        now=now,
    )
    remember(case=case, facts={"fault": str(fault), "area": str(area)})
    card = Card.objects.select_related("holder", "team").get(pk=card_id)
    if card.custody_state in IN_USE:
        _move(card, CustodyState.FAULTY, actor=actor, now=now, note=note)
    return case


def used_again(case: Case, asked: Asked) -> None:
    """Let the holder use a card again whose fault is closed; one in nobody's hands stays where it lies."""
    card = Card.objects.select_related("holder", "team").get(pk=case.card_id)
    if card.custody_state == CustodyState.FAULTY and card.holder:
        _move(card, CustodyState.ISSUED, actor=asked.actor, now=asked.now, note=asked.note)


def _move(card: Card, to: CustodyState, *, actor: User | None, now: datetime, note: str) -> None:
    at = max(now, card.custody_since)
    change_custody(card=card, to=to, holder=card.holder, team=card.team, actor=actor, now=now, at=at, note=note)


def told_carrier(case: Case, asked: Asked, *, ticket: str) -> None:
    """Remember the carrier's ticket and give it the time the law allows, 48 hours in a city, 72 outside."""
    area = case.facts.get("area", Area.CITY)
    remember(case=case, facts={"ticket": ticket, "told_at": asked.at.isoformat()})
    ahead = CaseStep.objects.standing().filter(case=case, code=MENDED).ahead()
    ahead.update(clock_amount=LEGAL_HOURS[area], clock_unit=ClockUnit.HOURS)


def mended(case: Case, asked: Asked, *, cause: str) -> None:
    """Remember when the carrier had mended it and why it failed; a card stopped for the fault is served again."""
    told_at = datetime.fromisoformat(case.facts["told_at"])
    area = case.facts.get("area", Area.CITY)
    hours = round((asked.at - told_at).total_seconds() / 3600, 1)
    remember(
        case=case,
        cause=cause,
        facts={
            "mended_at": asked.at.isoformat(),
            "hours": hours,
            "in_law": is_within_law(told_at, asked.at, area),
        },
    )
    card = Card.objects.get(pk=case.card_id)
    if card.service_state in (ServiceState.HALF_STOP, ServiceState.FULL_STOP) and card.stop_reason in OF_A_FAULT:
        record_state(
            card_id=card.pk,
            to=ServiceState.ACTIVE,
            reason="",
            source=ChangeSource.CARRIER_CALL,
            at=asked.at,
            actor=asked.actor,
            now=asked.now,
            note=asked.note,
        )
