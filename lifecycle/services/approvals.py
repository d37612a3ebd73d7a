"""Deciding about a card that a rule lets through only with an approval (R12, R101)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput, NotVisible, Reason
from cards.choices import RuleAction
from cards.models import Card, CarrierRule
from lifecycle.models import Approval
from lifecycle.services.assessment import assess_suspension_risk

# What a rule counts within a day is over with the day, and so is its approval.
OF_A_DAY = frozenset({"day", "24h", "60min", "10min"})


@transaction.atomic
def decide_approval(
    *, card_id: int, rule_id: int, is_granted: bool, note: str, actor: User, now: datetime, until: date | None = None
) -> Approval:
    """Approve or refuse, with a note, what one version of a rule asks about a card; the latest decision holds.

    `until` is the last day (Shanghai) of a yes. BadInput without a note, with a day gone by, or for a rule that asks
    for no approval; NotVisible where there is no such card or rule.
    """
    card = Card.objects.filter(pk=card_id).locked().first()
    rule = CarrierRule.objects.filter(pk=rule_id).first()
    if card is None or rule is None:
        raise NotVisible
    today = business_day(now)
    reasons = list(_wrong(rule, note, until, today))
    if reasons:
        raise BadInput(reasons=reasons)
    decision = Approval.objects.create(
        card=card,
        rule=rule,
        is_granted=is_granted,
        note=note.strip(),
        until=(until or (today if rule.window in OF_A_DAY else None)) if is_granted else None,
        decided_by=actor,
        decided_at=now,
    )
    record(
        actor=actor,
        action="lifecycle.approval_decided",
        subject=card,
        related=(rule,),
        reason=note.strip(),
        now=now,
        data={"kind": rule.kind, "granted": is_granted},
    )
    assess_suspension_risk(now=now, card_ids=[card.pk])
    return decision


def _wrong(rule: CarrierRule, note: str, until: date | None, today: date) -> list[Reason]:
    found = []
    if rule.action != RuleAction.NEED_APPROVAL:
        message = _("This rule asks for no approval.")
        found.append(Reason(code="no_approval_asked", message=message, field="rule"))
    if not note.strip():
        message = _("Say on what the decision rests, such as the carrier's written answer.")
        found.append(Reason(code="note_missing", message=message, field="note"))
    if until is not None and until < today:
        message = _("This day is over. Choose today or later.")
        found.append(Reason(code="until_in_the_past", message=message, field="until", value=until.isoformat()))
    return found
