"""Money that is owed, runs out or goes too fast, by card (R6, R29, R30, R36; domain.md section 3, carriers)."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from cardfleet.kernel.clock import business_day, day_start
from cards.choices import ENDED, ServiceState, Severity
from lifecycle.choices import AlertKind
from lifecycle.rules import kinds
from lifecycle.rules.arrears import Debt
from lifecycle.rules.findings import Finding
from lifecycle.rules.priority import GRAVEST_FIRST
from lifecycle.selectors.facts import CardInputs, Ground, debt_of, facts_of, ground_at, keep_inputs, moment_on
from lifecycle.selectors.rules import RuleBook, rule_book
from lifecycle.selectors.sieve import OWING, touched
from lifecycle.services.alert_delivery import tell_of_alerts
from lifecycle.services.alerts import AlertsOutcome, Cause, settle_alerts

ALERT_KINDS = (AlertKind.ARREARS, AlertKind.LOW_BALANCE, AlertKind.FEE_SPIKE)
LOW, SPIKE = ("low_balance", "credit_limit"), "fee_spike"
SPENDING = (ServiceState.ACTIVE, ServiceState.CANCEL_PENDING)


@dataclass(frozen=True, kw_only=True)
class ArrearsOutcome:
    """How many cards owe, are about to run out of money, cost far more than usual, and what became of the alerts."""

    owing: int
    low: int
    spikes: int
    alerts: AlertsOutcome

    def counts(self) -> dict[str, int]:
        """Return it as counts."""
        return {"owing": self.owing, "low": self.low, "spikes": self.spikes, **self.alerts.counts()}


@transaction.atomic
def check_arrears(
    *, now: datetime, today: date | None = None, card_ids: Collection[int] | None = None
) -> ArrearsOutcome:
    """Open, refresh and close the alerts on money of some cards or (None) the whole fleet, as of a Shanghai day.

    A card that owes has one alert of kind arrears, with the day its carrier stops it by that carrier's terms; one
    whose money runs out has one of kind low balance. What a month cost beyond reason is a matter of its own (R30;
    电信条例, article 33). A second run writes nothing.
    """
    day = today or business_day(now)
    moment = moment_on(day, now)
    book, ground = rule_book(day), ground_at(moment)
    keep_inputs(card_ids, now=moment)
    rules = [rule for rule in book.rules if rule.kind in {*LOW, SPIKE}]
    found = touched(rules, ground, but=ENDED, also=OWING)
    causes = [cause for known, _rules in found for cause in _causes(known, book, ground)]
    alerts = settle_alerts(kinds=ALERT_KINDS, causes=causes, now=now, card_ids=card_ids)
    tell_of_alerts(alerts.news, run="money", now=now)
    counted = Counter(cause.kind for cause in causes)
    owing, low, spikes = (counted[kind] for kind in ALERT_KINDS)
    return ArrearsOutcome(owing=owing, low=low, spikes=spikes, alerts=alerts)


def _causes(known: CardInputs, book: RuleBook, ground: Ground) -> Iterator[Cause]:
    choices = book.for_inputs(known)
    asked = (choices[kind].terms for kind in (*LOW, SPIKE) if kind in choices)
    found = kinds.find(facts_of(known, ground), asked)
    debt = debt_of(known, ground)
    if debt:
        yield _arrears(known, debt, ground.today)
    elif known.service_state in SPENDING:
        yield from _worst(AlertKind.LOW_BALANCE, known, [one for one in found if one.kind in LOW])
    yield from _worst(AlertKind.FEE_SPIKE, known, [one for one in found if one.kind == SPIKE and one.is_reached])


def _arrears(known: CardInputs, debt: Debt, day: date) -> Cause:
    return Cause(
        kind=AlertKind.ARREARS,
        card_id=known.card_id,
        severity=Severity.CRITICAL if debt.stop_on <= day else Severity.HIGH,
        code="arrears_stopped" if known.is_stopped else "arrears",
        params={
            "amount": str(debt.amount),
            "due_on": debt.due_on.isoformat(),
            "stop_on": debt.stop_on.isoformat(),
            "terminate_on": debt.ends_on.isoformat(),
        },
        due_at=day_start(debt.ends_on if known.is_stopped else debt.stop_on),
    )


def _worst(kind: AlertKind, known: CardInputs, found: Iterable[Finding]) -> Iterator[Cause]:
    for worst in sorted(found, key=lambda finding: GRAVEST_FIRST[Severity(finding.severity)])[:1]:
        yield Cause(
            kind=kind,
            card_id=known.card_id,
            severity=worst.severity,
            code=worst.code,
            params=dict(worst.params),
            rule_id=worst.rule_id,
            due_at=worst.limit_at,
        )
