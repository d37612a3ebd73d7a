"""Deciding the renewal of a card in one go, as a bulk job does (R15)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cardfleet.accounts.models import User
from lifecycle.choices import CaseKind, CaseReason, RenewalDecision
from lifecycle.models import Case, CaseStep
from lifecycle.services.cases.opening import open_case
from lifecycle.services.cases.steps import complete_step


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """What is decided of a card. `expires_on`, with `channel` and `receipt`: the carrier has renewed it already."""

    decision: str
    months: int
    note: str
    expires_on: date | None = None
    channel: str = ""
    receipt: str = ""


@transaction.atomic
def decide_renewal(*, card_id: int, renewal: Renewal, actor: User | None, now: datetime) -> Case:
    """Decide the card's open renewal, or one opened for it, and return the case; refusals as the steps'.

    The steps are the ones of the page, with their rights and gates. The same decision made before is no obstacle to
    recording the renewal; another one is refused.
    """
    case = Case.objects.open().filter(card=card_id, kind=CaseKind.RENEWAL).first()
    case = case or open_case(
        card_id=card_id, kind=CaseKind.RENEWAL, reason=CaseReason.PLANNED, note=renewal.note, actor=actor, now=now
    )
    if case.facts.get("decision") != renewal.decision or not renewal.expires_on:
        _complete(case, "decide", {"decision": renewal.decision, "months": renewal.months}, renewal.note, actor, now)
    if renewal.decision == RenewalDecision.RENEW and renewal.expires_on:
        given = {"expires_on": renewal.expires_on, "paid": None, "channel": renewal.channel}
        _complete(case, "renewed", given, renewal.receipt, actor, now)
    case.refresh_from_db()
    return case


def _complete(case: Case, code: str, given: dict[str, Any], note: str, actor: User | None, now: datetime) -> None:
    step = CaseStep.objects.standing().get(case=case, code=code)
    complete_step(step_id=step.pk, note=note, given=given, actor=actor, now=now)
