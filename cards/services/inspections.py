"""Cards looked at, and how often that is due (R8, R10, R102)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.editing import assign
from cardfleet.kernel.errors import BadInput, NotVisible
from cardfleet.kernel.transactions import one_transaction
from cards.choices import Condition, CustodyState, SignalCheck
from cards.models import Card, Inspection, InspectionPlan
from cards.rules.inspections import MAY_BE_LAID_ASIDE, Found, lacking
from cards.services.cards import edit_facts
from cards.services.custody import change_custody

EDITABLE = frozenset({"custody_state", "every_days", "is_active"})


@one_transaction
def inspect_card(
    *,
    card_id: int,
    condition: str,
    damage: str = "",
    signal: str = SignalCheck.NOT_LOOKED,
    decision: str = "",
    use_by: date | None = None,
    note: str = "",
    lay_aside: bool = False,
    actor: User | None,
    now: datetime,
) -> Inspection:
    """Record what was found of a card; its condition becomes this one. BadInput names what the record leaves open.

    `lay_aside` puts a damaged card among the faulty ones; who holds it goes on holding it until it is returned.
    """
    card = Card.objects.filter(pk=card_id).locked().first()
    if card is None:
        raise NotVisible
    found = Found(
        custody_state=card.custody_state,
        condition=condition,
        damage=damage,
        signal=signal,
        decision=decision if card.custody_state == CustodyState.SPARE else "",
        use_by=use_by if card.custody_state == CustodyState.SPARE else None,
        note=note,
    )
    if reasons := list(lacking(found, today=business_day(now))):
        raise BadInput(reasons=reasons)
    inspection = Inspection.objects.create(card=card, at=now, by=actor, **vars(found))
    _lay_aside(card, found, wanted=lay_aside, actor=actor, now=now)
    edit_facts(card_id=card.pk, changes={"condition": Condition(condition)}, actor=actor, now=now)
    data = {"condition": condition, "damage": damage, "signal": signal, "decision": found.decision}
    record(actor=actor, action="cards.card_inspected", subject=card, now=now, data=data)
    return inspection


@one_transaction
def record_interval(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> InspectionPlan:
    """Record how often cards in a custody state are looked at; BadInput names the fields that do not hold."""
    plan = InspectionPlan()
    named = assign(plan, facts, editable=EDITABLE)
    plan.save(force_insert=True)
    record(actor=actor, action="cards.interval_recorded", subject=plan, now=now, data={"fields": named})
    return plan


@one_transaction
def edit_interval(*, plan_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> InspectionPlan:
    """Change how often cards are looked at."""
    plan = InspectionPlan.objects.select_for_update().get(pk=plan_id)
    changed = assign(plan, changes, editable=EDITABLE)
    if changed:
        plan.save(update_fields=changed)
        record(actor=actor, action="cards.interval_edited", subject=plan, now=now, data={"fields": changed})
    return plan


def _lay_aside(card: Card, found: Found, *, wanted: bool, actor: User | None, now: datetime) -> None:
    damaged = found.condition == Condition.DAMAGED
    if wanted and damaged and card.custody_state in MAY_BE_LAID_ASIDE:
        change_custody(
            card=card,
            to=CustodyState.FAULTY,
            holder=card.holder,
            team=card.team,
            actor=actor,
            now=now,
            at=now,
            note=found.note,
            is_locked=True,
        )
