"""Recording what the carrier did to a card, with what follows at once: alerts, a case of a stop found (R34, R35)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cards.models import CardChange
from cards.services import corrections
from cards.services.states import StateReport, StatesOutcome, change_service_state, change_service_states
from lifecycle.services.assessment import assess_suspension_risk
from lifecycle.services.cases.found_stops import TOLD_OF, open_found


@transaction.atomic
def record_state(
    *,
    card_id: int,
    to: str,
    reason: str,
    source: str,
    at: datetime,
    actor: User | None,
    now: datetime,
    evidence: StoredFile | None = None,
    note: str = "",
) -> CardChange:
    """Record a service state and assess the card, so that nobody waits for the next run to see who stands still.

    ChangeRefused and NotVisible as `cards.services.states.change_service_state`.
    """
    change = change_service_state(
        card_id=card_id,
        to=to,
        reason=reason,
        source=source,
        at=at,
        actor=actor,
        now=now,
        evidence=evidence,
        note=note,
    )
    assess_suspension_risk(now=now, card_ids=[card_id])
    return change


@transaction.atomic
def correct_state(*, card_id: int, reason: str, actor: User | None, now: datetime) -> CardChange:
    """Take back the last state of a card and assess it; raises as `cards.services.corrections.correct_state`."""
    correction = corrections.correct_state(card_id=card_id, reason=reason, actor=actor, now=now)
    assess_suspension_risk(now=now, card_ids=[card_id])
    return correction


@transaction.atomic
def record_states(*, reports: Sequence[StateReport], source: str, actor: User | None, now: datetime) -> StatesOutcome:
    """Record the states of many cards, assess those that changed, and open cases of the stops a file or message told.

    As `cards.services.states`. NotVisible.
    """
    outcome = change_service_states(reports=reports, source=source, actor=actor, now=now)
    changed = {change.card_id for change in outcome.changes}
    if changed:
        assess_suspension_risk(now=now, card_ids=changed)
    if source in TOLD_OF:
        open_found(changes=outcome.changes, actor=actor, now=now)
    return outcome
