"""The risk of suspension of every card, with findings and alerts (R37, R42; design section 6)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet

from cardfleet.kernel.clock import business_day
from cards.choices import ENDED, STOPPED, RuleAction, ServiceState, Severity
from cards.models import Card
from lifecycle.choices import AlertKind, RiskBand
from lifecycle.models import Alert, RiskAssessment, RiskDay
from lifecycle.rules import kinds
from lifecycle.rules.findings import Finding as Found
from lifecycle.rules.priority import GRAVEST_FIRST
from lifecycle.rules.risk import QUIET_BELOW, QUIET_DAYS, assess, is_alarming
from lifecycle.selectors.caps import call_caps
from lifecycle.selectors.experience import Experience, experience
from lifecycle.selectors.facts import CardInputs, Ground, count_inputs, facts_of, ground_at, keep_inputs, moment_on
from lifecycle.selectors.rules import RuleBook, rule_book
from lifecycle.selectors.sieve import touched
from lifecycle.services.alert_delivery import tell_of_alerts
from lifecycle.services.alerts import AlertsOutcome, Cause, settle_alerts
from lifecycle.services.risk_rows import Assessed, begin, keep, settle
from lifecycle.services.rules import tell_of_unreadable

ALERT_KINDS = (AlertKind.SUSPENSION_RISK, AlertKind.STOPPED, AlertKind.IDLE, AlertKind.APPROVAL)
# What alerts of its own kind tell already is not told again as a risk; the score counts it all the same.
TOLD_APART = frozenset({"low_balance", "credit_limit", "fee_spike", "validity", "idle_days"})
UNASSESSED = STOPPED | ENDED
CHUNK = 2000


@dataclass(frozen=True, kw_only=True)
class AssessmentOutcome:
    """How many cards were assessed, how many scores changed, and what became of the alerts.

    `unreadable` is how many rules were left out because their values cannot be read.
    """

    assessed: int
    changed: int
    alerts: AlertsOutcome
    unreadable: int = 0

    def counts(self) -> dict[str, int]:
        """Return it as counts."""
        left_out = {"rules_left_out": self.unreadable} if self.unreadable else {}
        return {"assessed": self.assessed, "changed": self.changed, **self.alerts.counts(), **left_out}


@transaction.atomic
def assess_suspension_risk(
    *,
    now: datetime,
    today: date | None = None,
    card_ids: Collection[int] | None = None,
    progress: Callable[[int], None] | None = None,
) -> AssessmentOutcome:
    """Assess some cards or (None) the whole fleet as of now, or as of the end of another Shanghai day.

    The inputs of all cards are gathered in one statement, rules are applied to those that one may hit, and only what
    changed is written, so a second run writes nothing. A stopped card has no score: it has an alert as long as
    somebody holds it. `progress` is told how many cards were done. Administrators are told of rules that cannot be
    read; the others are applied.
    """
    day = today or business_day(now)
    moment = moment_on(day, now)
    book, ground = rule_book(day), ground_at(moment)
    keep_inputs(card_ids, now=moment)
    begin()
    causes = list(_stopped_causes(Card.objects.all() if card_ids is None else Card.objects.filter(pk__in=card_ids)))
    past = experience()
    hit = touched(past.watched(book.rules), ground, but=UNASSESSED)
    for chunk in _chunks(_assess(known, rules, book, past, ground) for known, rules in hit):
        keep(chunk, day=day, now=now)
        causes += [cause for one in chunk for cause in _causes(one)]
    changed = settle(unassessed=UNASSESSED, caps=call_caps(book), day=day, now=now, as_of=moment)
    _forget_unassessed(card_ids)
    causes += _lasting_causes(causes, card_ids, day=day, now=moment)
    alerts = settle_alerts(kinds=ALERT_KINDS, causes=causes, now=now, card_ids=card_ids)
    tell_of_alerts(alerts.news, run="risk", now=now)
    assessed = count_inputs(but=UNASSESSED)
    if progress:
        progress(assessed)
    tell_of_unreadable(book.unreadable, now=now)
    return AssessmentOutcome(assessed=assessed, changed=changed, alerts=alerts, unreadable=len(book.unreadable))


def _assess(known: CardInputs, rules: Collection[str], book: RuleBook, past: Experience, ground: Ground) -> Assessed:
    choices = book.for_inputs(known)
    facts = facts_of(known, ground)
    found = kinds.find(facts, (past.of_carrier(choices[kind].terms, known.carrier_id) for kind in rules))
    return Assessed(card_id=known.card_id, facts=facts, found=found, risk=assess(found))


def _chunks(assessed: Iterable[Assessed]) -> Iterator[list[Assessed]]:
    left = iter(assessed)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


def _forget_unassessed(card_ids: Collection[int] | None) -> None:
    unassessed = Card.objects.filter(service_state__in=STOPPED | ENDED)
    if card_ids is not None:
        unassessed = unassessed.filter(pk__in=card_ids)
    RiskAssessment.objects.filter(card__in=unassessed.values("pk")).delete()


def _causes(one: Assessed) -> Iterator[Cause]:
    yield from _risk_cause(one)
    yield from _idle_cause(one)
    yield from _approval_cause(one)


def _lasting_causes(
    causes: Sequence[Cause], card_ids: Collection[int] | None, *, day: date, now: datetime
) -> Iterator[Cause]:
    """Alerts of risk whose card was not quiet for long enough yet: one matter, one alert (calm by design)."""
    alarmed = {cause.card_id for cause in causes if cause.kind == AlertKind.SUSPENSION_RISK}
    lately = RiskDay.objects.filter(day__gt=day - timedelta(days=QUIET_DAYS), day__lte=day, score__gte=QUIET_BELOW)
    standing = Alert.objects.open().filter(kind=AlertKind.SUSPENSION_RISK, card__in=lately.values("card"))
    if card_ids is not None:
        standing = standing.filter(card__in=card_ids)
    for alert in standing.exclude(card__service_state__in=UNASSESSED).exclude(card__in=alarmed):
        yield Cause(
            kind=alert.kind,
            card_id=alert.card_id,
            severity=alert.severity,
            code=alert.code,
            params=alert.params,
            evidence=alert.evidence,
            rule_id=alert.rule_id,
            due_at=alert.due_at if alert.due_at and alert.due_at > now else None,
        )


def _approval_cause(one: Assessed) -> Iterator[Cause]:
    """What a rule allows only after somebody approved it, the gravest first (R12)."""
    asked = (found for found in one.found if found.is_reached and found.action == RuleAction.NEED_APPROVAL)
    waiting = [found for found in asked if not found.is_decided]
    for first in sorted(waiting, key=lambda found: GRAVEST_FIRST[Severity(found.severity)])[:1]:
        yield Cause(
            kind=AlertKind.APPROVAL,
            card_id=one.card_id,
            severity=first.severity,
            code=first.code,
            params=dict(first.params),
            evidence=[{"kind": found.kind, "code": found.code, "params": dict(found.params)} for found in waiting],
            rule_id=first.rule_id,
        )


def _risk_cause(one: Assessed) -> Iterator[Cause]:
    """A card whose risk is high, or comes to a limit within a day, by more than what other alerts tell (R42)."""
    risk = assess(found for found in one.found if found.kind not in TOLD_APART)
    if not is_alarming(risk, now=one.facts.now):
        return
    top = risk.drivers[0].finding
    yield Cause(
        kind=AlertKind.SUSPENSION_RISK,
        card_id=one.card_id,
        severity=_severity(top, risk.band),
        code=top.code,
        params={**top.params, "score": one.risk.score},
        evidence=[driver.as_json() for driver in risk.drivers],
        rule_id=top.rule_id,
        due_at=risk.limit_at,
    )


def _severity(top: Found, band: RiskBand) -> Severity:
    if top.is_reached and top.rule_severity == Severity.CRITICAL:
        return Severity.CRITICAL
    return Severity.HIGH if band == RiskBand.HIGH else Severity.WARN


def _idle_cause(one: Assessed) -> Iterator[Cause]:
    """A card that nobody uses and the carrier may recycle (R100, R109)."""
    for found in one.found:
        if found.kind == "idle_days":
            yield Cause(
                kind=AlertKind.IDLE,
                card_id=one.card_id,
                severity=found.severity,
                code=found.code,
                params=dict(found.params),
                rule_id=found.rule_id,
                due_at=found.limit_at,
            )


def _stopped_causes(cards: QuerySet[Card]) -> Iterator[Cause]:
    """A stopped card that somebody holds: an agent stands still (R34)."""
    stopped = cards.filter(service_state__in=STOPPED, holder__isnull=False).order_by("pk")
    facts = ("pk", "service_state", "stop_reason", "service_since", "reverify_due_at")
    for pk, state, reason, since, reverify_due_at in stopped.values_list(*facts):
        yield Cause(
            kind=AlertKind.STOPPED,
            card_id=pk,
            severity=Severity.CRITICAL,
            code="stopped",
            params={"since": business_day(since).isoformat(), "state": state, "reason": reason},
            due_at=reverify_due_at if state == ServiceState.REVERIFY_STOP else None,
        )
