"""The risk of suspension of every card, with findings and alerts (R37, R42; design section 6)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from cardfleet.kernel.clock import business_day
from cards.choices import STOPPED, ServiceState, Severity
from cards.models import Card
from lifecycle.choices import AlertKind, RiskBand
from lifecycle.models import Finding, RiskAssessment, RiskDay
from lifecycle.rules import kinds
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.findings import Finding as Found
from lifecycle.rules.risk import Risk, assess
from lifecycle.selectors.facts import cards_with_facts, gather
from lifecycle.selectors.rules import RuleBook, rule_book
from lifecycle.services.alerts import AlertsOutcome, Cause, settle_alerts

ALERT_KINDS = (AlertKind.SUSPENSION_RISK, AlertKind.STOPPED, AlertKind.IDLE)
BATCH = 2000
FINDING_FIELDS = [
    *("rule", "severity", "value", "warn", "limit", "points", "limit_at", "code", "params", "advice", "seen_at"),
]
RISK_FIELDS = [
    *("score", "band", "drivers", "advice", "limit_at", "calls_today", "call_limit", "assessed_at", "facts_as_of"),
]


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """A card in service with what was found."""

    card: Card
    facts: CardFacts
    found: Sequence[Found]
    risk: Risk
    call_limit: int | None


@dataclass(frozen=True, kw_only=True)
class AssessmentOutcome:
    """How many cards were assessed, how many scores changed, and what became of the alerts."""

    assessed: int
    changed: int
    alerts: AlertsOutcome


@transaction.atomic
def assess_suspension_risk(*, now: datetime, card_ids: Collection[int] | None = None) -> AssessmentOutcome:
    """Assess some cards or (None) the whole fleet.

    Rules are applied to facts gathered in a fixed number of statements; only scores, findings and alerts that
    changed are written. Running it twice writes nothing the second time but the time it was last seen.
    """
    cards = Card.objects.live() if card_ids is None else Card.objects.live().filter(pk__in=card_ids)
    book = rule_book(business_day(now))
    known = gather(now=now, card_ids=card_ids)
    in_service = [
        _assess(card, facts, book) for card, facts in cards_with_facts(now=now, cards=cards.in_service(), known=known)
    ]
    changed = _store_risks(in_service, now=now)
    _store_findings(in_service, now=now)
    RiskAssessment.objects.filter(card__in=cards.exclude(service_state=ServiceState.ACTIVE)).delete()
    causes = [*_risk_causes(in_service), *_stopped_causes(cards), *_idle_causes(in_service)]
    alerts = settle_alerts(kinds=ALERT_KINDS, causes=causes, now=now, card_ids=card_ids)
    return AssessmentOutcome(assessed=len(in_service), changed=changed, alerts=alerts)


def _assess(card: Card, facts: CardFacts, book: RuleBook) -> Assessed:
    choices = book.choices(card)
    found = kinds.find(facts, (choice.terms for choice in choices.values()))
    daily = choices.get("daily_out_calls")
    limit = int(daily.terms.limit) if daily and daily.terms.limit is not None else None
    return Assessed(card=card, facts=facts, found=found, risk=assess(found), call_limit=limit)


def _store_risks(assessed: Sequence[Assessed], *, now: datetime) -> int:
    stored = RiskAssessment.objects.in_bulk([one.card.pk for one in assessed])
    fresh = [_risk_row(one, now) for one in assessed]
    changed = [row for row in fresh if _differs(row, stored.get(row.card_id))]
    RiskAssessment.objects.bulk_create(
        changed, batch_size=BATCH, update_conflicts=True, unique_fields=["card"], update_fields=RISK_FIELDS
    )
    days = [RiskDay(card_id=row.card_id, day=business_day(now), score=row.score) for row in changed]
    RiskDay.objects.bulk_create(
        days, batch_size=BATCH, update_conflicts=True, unique_fields=["card", "day"], update_fields=["score"]
    )
    return len(changed)


def _risk_row(one: Assessed, now: datetime) -> RiskAssessment:
    return RiskAssessment(
        card_id=one.card.pk,
        score=one.risk.score,
        band=one.risk.band,
        drivers=[driver.as_json() for driver in one.risk.drivers],
        advice=list(one.risk.advice),
        limit_at=one.risk.limit_at,
        calls_today=one.facts.calls_today or 0,
        call_limit=one.call_limit,
        assessed_at=now,
        facts_as_of=now,
    )


def _differs(row: RiskAssessment, stored: RiskAssessment | None) -> bool:
    if stored is None or business_day(stored.assessed_at) != business_day(row.assessed_at):
        return True
    compared = [name for name in RISK_FIELDS if name not in ("assessed_at", "facts_as_of")]
    return any(getattr(row, name) != getattr(stored, name) for name in compared)


def _store_findings(assessed: Sequence[Assessed], *, now: datetime) -> None:
    rows = [row for one in assessed for row in _finding_rows(one, now)]
    Finding.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["card", "day", "kind"],
        update_fields=FINDING_FIELDS,
    )
    cards = [one.card.pk for one in assessed]
    Finding.objects.filter(card__in=cards, day=business_day(now), seen_at__lt=now).delete()


def _finding_rows(one: Assessed, now: datetime) -> Iterator[Finding]:
    points = {driver.finding.kind: driver.points for driver in one.risk.drivers}
    for found in one.found:
        if found.rule_id is None:
            continue
        yield Finding(
            card_id=one.card.pk,
            rule_id=found.rule_id,
            kind=found.kind,
            day=business_day(now),
            severity=found.severity,
            value=found.value,
            warn=found.warn,
            limit=found.limit,
            points=points.get(found.kind, 0),
            limit_at=found.limit_at,
            code=found.code,
            params=dict(found.params),
            advice=found.advice,
            seen_at=now,
        )


def _risk_causes(assessed: Sequence[Assessed]) -> Iterator[Cause]:
    for one in assessed:
        if one.risk.band != RiskBand.HIGH:
            continue
        top = one.risk.drivers[0].finding
        yield Cause(
            kind=AlertKind.SUSPENSION_RISK,
            card_id=one.card.pk,
            severity=Severity.HIGH,
            code=top.code,
            params={**top.params, "score": one.risk.score},
            evidence=[driver.as_json() for driver in one.risk.drivers],
            rule_id=top.rule_id,
            due_at=one.risk.limit_at,
        )


def _stopped_causes(cards: QuerySet[Card]) -> Iterator[Cause]:
    """A stopped card that somebody holds: an agent stands still (R34)."""
    stopped = cards.filter(service_state__in=STOPPED, holder__isnull=False)
    for card in stopped.only("pk", "service_since", "stop_reason"):
        yield Cause(
            kind=AlertKind.STOPPED,
            card_id=card.pk,
            severity=Severity.CRITICAL,
            code="stopped",
            params={"since": business_day(card.service_since).isoformat(), "reason": card.stop_reason},
            due_at=card.service_since,
        )


def _idle_causes(assessed: Sequence[Assessed]) -> Iterator[Cause]:
    for one in assessed:
        for found in one.found:
            if found.kind == "idle_days":
                yield Cause(
                    kind=AlertKind.IDLE,
                    card_id=one.card.pk,
                    severity=found.severity,
                    code=found.code,
                    params=dict(found.params),
                    rule_id=found.rule_id,
                    due_at=found.limit_at,
                )
