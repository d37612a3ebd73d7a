"""What the steps of a cancellation do, and what its page and its application show."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.money import ZERO
from cards.choices import Application, ChangeSource, ServiceState, StopReason
from lifecycle.choices import CancelChannel, CaseKind, CaseOutcome, CaseSource
from lifecycle.errors import StepRefused
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import Asked
from lifecycle.rules import cancelling
from lifecycle.rules.cases.facts import OpeningFacts
from lifecycle.rules.destruction import not_ready
from lifecycle.rules.settlement import unsettled
from lifecycle.selectors.destruction import plastic_of
from lifecycle.selectors.ending import ending_of, freeze_of, recovery_of, standing_of, ways_of
from lifecycle.services import ending
from lifecycle.services.case_money import key_of, take_back_money
from lifecycle.services.cases import open_case, remember

SOURCES = {
    CancelChannel.WEB_APP: ChangeSource.CARRIER_APP,
    CancelChannel.HOTLINE: ChangeSource.CARRIER_CALL,
    CancelChannel.OUTLET: ChangeSource.OUTLET,
}


def may_open(facts: OpeningFacts) -> list[Reason]:
    """Return why no cancellation may begin."""
    return list(cancelling.may_begin(facts.card.service_state))


def confirm_intent(step: CaseStep, given: Mapping[str, Any], _asked: Asked) -> None:
    """Ask how customers were told where they rely on the number (R104, R116)."""
    _refuse(
        cancelling.impact_unmet(
            standing_of(step.case),
            customers_told=given.get("customers_told") or "",
            gives_up=bool(given.get("gives_up")),
        )
    )


def settle(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Post what was paid and refuse while anything is owed (R91)."""
    card, entry = step.case.card, None
    take_back_money(step=step, actor=asked.actor, now=asked.now)
    if paid := given.get("paid"):
        entry = ending.record_payment(
            card=card,
            amount=paid,
            reference=given.get("reference") or "",
            key=key_of(step, "paid"),
            actor=asked.actor,
            now=asked.now,
        )
    found = ending_of(card, now=asked.now).settlement
    _refuse(unsettled(found))
    figures = {
        "balance": str(found.purse.balance),
        "unbilled": str(found.purse.unbilled),
        "penalty": str(found.purse.penalty),
        "refund": str(found.refund),
    }
    remember(case=step.case, facts=figures)
    return {**figures, "paid": str(paid or ZERO), "entry": entry}


def unlock(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Refuse within the contract's term, unless a second person accepts the penalty (R103)."""
    found = ending_of(step.case.card, now=asked.now)
    is_second = asked.actor is None or asked.actor.pk != step.case.opened_by_id
    accepts = bool(given.get("accepts_penalty"))
    _refuse(cancelling.lock_unmet(found.today, found.best, accepts=accepts, is_second_person=is_second))
    figures = {
        "penalty": str(found.today.penalty.amount),
        "months_left": found.today.penalty.months_left,
        "cheapest_on": found.best.on.isoformat(),
    }
    remember(case=step.case, facts=figures)
    return {**figures, "accepts_penalty": accepts}


def gather(step: CaseStep, given: Mapping[str, Any], _asked: Asked) -> dict[str, Any]:
    """Hold the papers at hand against those the carrier asks for on this way (R90, R105)."""
    ways = {way.channel.value: way.papers for way in ways_of(step.case.card.carrier)}
    channel, papers = given["channel"], list(given.get("papers") or ())
    _refuse(cancelling.channel_unfit(channel, ways))
    _refuse(cancelling.papers_missing(ways[channel], papers))
    remember(case=step.case, facts={"channel": channel})
    return {"channel": channel, "papers": [paper for paper in papers if paper in ways[channel]]}


def submit(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> None:
    """Record that the carrier has the application; a card in an agent's hands comes back first (R106)."""
    _refuse(cancelling.in_hands(standing_of(step.case)))
    channel = step.case.facts.get("channel", CancelChannel.OUTLET)
    ending.record_submitted(
        card=step.case.card,
        reason=step.case.reason,
        source=SOURCES[CancelChannel(channel)],
        at=asked.at,
        files=asked.files,
        note=given.get("reference") or asked.note,
        actor=asked.actor,
        now=asked.now,
    )


def bill(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Post the final bill and what was paid out, beside what was reckoned."""
    charged, refunded = given.get("charged") or ZERO, given.get("refunded") or ZERO
    expected = ending_of(step.case.card, now=asked.now).settlement
    take_back_money(step=step, actor=asked.actor, now=asked.now)
    entries = ending.record_final_bill(
        card=step.case.card,
        charged=charged,
        refunded=refunded,
        keys=(key_of(step, "charged"), key_of(step, "refunded")),
        actor=asked.actor,
        now=asked.now,
    )
    figures = {"charged": str(charged), "refunded": str(refunded)}
    remember(case=step.case, facts=figures)
    reckoned = {"expected_bill": str(expected.final_bill), "expected_refund": str(expected.refund)}
    return {**figures, **reckoned, "entries": entries}


def finish(step: CaseStep, _given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Record that the number is ended, and reckon until when it is frozen (R92, R108)."""
    _refuse(cancelling.gone_otherwise(step.case.card.service_state))
    card = ending.record_ended(
        card=step.case.card,
        reason=step.case.reason,
        at=asked.at,
        files=asked.files,
        note=asked.note,
        actor=asked.actor,
        now=asked.now,
    )
    freeze, back = freeze_of(card), recovery_of(card, today=business_day(asked.now))
    facts = {"freeze_ends": freeze.on.isoformat() if freeze else None, "may_come_back": back.is_possible}
    remember(case=step.case, facts=facts)
    return facts


def close(case: Case, outcome: str, asked: Asked) -> None:
    """Put a number that is not given up back where it was; of one that is, the plastic is to be destroyed (R92)."""
    if outcome in (CaseOutcome.WITHDRAWN, CaseOutcome.REFUSED):
        ending.take_back_cancellation(card_id=case.card_id, note=asked.note, actor=asked.actor, now=asked.now)
    elif outcome == CaseOutcome.CANCELLED and _has_plastic(case):
        open_case(
            card_id=case.card_id,
            kind=CaseKind.DESTRUCTION,
            reason=case.reason,
            source=CaseSource.SYSTEM,
            parent=case,
            actor=asked.actor,
            now=asked.now,
        )


def _has_plastic(case: Case) -> bool:
    """Return whether plastic lies with us that no case is about yet; what is lost or held turns up later or never."""
    is_seen_to = Case.objects.open().filter(card=case.card_id, kind=CaseKind.DESTRUCTION).exists()
    return not is_seen_to and not list(not_ready(plastic_of(case.card)))


def panel(case: Case, _person: User) -> dict[str, Any]:
    """Return money, contract, ways and freeze beside the steps."""
    return {
        "ending": ending_of(case.card, now=timezone.now()),
        "ways": ways_of(case.card.carrier),
        "carrier": case.card.carrier,
        "is_customer_facing": case.card.is_customer_facing,
        "is_pending": case.card.service_state == ServiceState.CANCEL_PENDING,
        "in_hands": list(cancelling.in_hands(standing_of(case))) if case.is_open else [],
    }


def application(case: Case) -> dict[str, Any]:
    """Return the application: the way chosen with its papers, all ways until one is."""
    chosen = case.facts.get("channel")
    ways = [way for way in ways_of(case.card.carrier) if chosen in (None, way.channel.value)]
    return {
        "kind": Application.CANCEL,
        "ways": ways,
        "today": business_day(timezone.now()),
        "reason_label": StopReason(case.reason).label,
    }


def _refuse(unmet: Iterable[Reason]) -> None:
    if reasons := list(unmet):
        raise StepRefused(reasons=reasons)
