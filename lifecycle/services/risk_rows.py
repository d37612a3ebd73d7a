"""Storing what an assessment found: only the rows that changed, a chunk of cards at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models

from cardfleet.journal.recording import Deed, record_many
from cards.models import Card
from lifecycle.models import Finding, RiskAssessment
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.findings import Finding as Found
from lifecycle.rules.risk import Risk

FINDING_VALUES = ("rule_id", "severity", "value", "warn", "limit", "points", "limit_at", "code", "params", "advice")
RISK_VALUES = ("score", "band", "drivers", "advice", "limit_at", "calls_today", "call_limit")
SCORE, BAND = RISK_VALUES.index("score"), RISK_VALUES.index("band")
THOUSANDTH = Decimal("0.001")

# A score that stands already is not written again.
RISK_DAYS = """
INSERT INTO lifecycle_riskday (card_id, day, score)
SELECT card, %(day)s, score FROM unnest(%(cards)s::bigint[], %(scores)s::integer[]) AS fresh(card, score)
ON CONFLICT (card_id, day) DO UPDATE SET score = excluded.score WHERE lifecycle_riskday.score <> excluded.score
"""


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """A card with what the rules found of it."""

    card: Card
    facts: CardFacts
    found: Sequence[Found]
    risk: Risk
    call_limit: int | None


def store(assessed: Sequence[Assessed], *, day: date, now: datetime) -> int:
    """Store risks, the day's scores and findings of a chunk of cards; return how many risks changed."""
    changed = _store_risks(assessed, now=now)
    _store_days(assessed, day=day)
    _store_findings(assessed, day=day, now=now)
    return changed


def _store_risks(assessed: Sequence[Assessed], *, now: datetime) -> int:
    rows = RiskAssessment.objects.filter(card__in=[one.card.pk for one in assessed])
    stored = {card: values for card, *values in rows.values_list("card_id", *RISK_VALUES)}
    fresh = [_risk_row(one, now) for one in assessed]
    changed = [row for row in fresh if _values(row, RISK_VALUES) != stored.get(row.card_id)]
    RiskAssessment.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["card"],
        update_fields=[*RISK_VALUES, "assessed_at", "facts_as_of"],
    )
    deeds = [
        _deed(row, before[SCORE]) for row in changed if (before := stored.get(row.card_id)) and before[BAND] != row.band
    ]
    if deeds:
        record_many(deeds, actor=None, now=now)
    return len(changed)


def _deed(row: RiskAssessment, before: int) -> Deed:
    data = {"score": [before, row.score], "kinds": [driver["kind"] for driver in row.drivers]}
    reason = f"{before} → {row.score}"
    return Deed(action="lifecycle.risk_changed", subject=f"cards.card:{row.card_id}", reason=reason, data=data)


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
        facts_as_of=one.facts.now,
    )


def _store_days(assessed: Sequence[Assessed], *, day: date) -> None:
    params: dict[str, Any] = {
        "day": day,
        "cards": [one.card.pk for one in assessed],
        "scores": [one.risk.score for one in assessed],
    }
    with connection.cursor() as cursor:
        cursor.execute(RISK_DAYS, params)


def _store_findings(assessed: Sequence[Assessed], *, day: date, now: datetime) -> None:
    """What was found once today stays, also when it no longer holds: it is the evidence of the day."""
    rows = Finding.objects.filter(day=day, card__in=[one.card.pk for one in assessed])
    stored = {(card, kind): values for card, kind, *values in rows.values_list("card_id", "kind", *FINDING_VALUES)}
    fresh = [row for one in assessed for row in _finding_rows(one, day, now)]
    Finding.objects.bulk_create(
        [row for row in fresh if _values(row, FINDING_VALUES) != stored.get((row.card_id, row.kind))],
        update_conflicts=True,
        unique_fields=["card", "day", "kind"],
        update_fields=[*(name.removesuffix("_id") for name in FINDING_VALUES), "seen_at"],
    )


def _finding_rows(one: Assessed, day: date, now: datetime) -> Iterator[Finding]:
    points = {driver.finding.kind: driver.points for driver in one.risk.drivers}
    for found in one.found:
        if found.rule_id is None:
            continue
        yield Finding(
            card_id=one.card.pk,
            rule_id=found.rule_id,
            kind=found.kind,
            day=day,
            severity=found.severity,
            value=found.value.quantize(THOUSANDTH),
            warn=found.warn,
            limit=found.limit,
            points=points.get(found.kind, 0),
            limit_at=found.limit_at,
            code=found.code,
            params=dict(found.params),
            advice=found.advice,
            seen_at=now,
        )


def _values(row: models.Model, names: Sequence[str]) -> list[Any]:
    return [getattr(row, name) for name in names]
