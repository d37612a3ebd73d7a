"""How long cards stood still and what became of them, by carrier and reason (R43, R52)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day, day_start
from cardfleet.kernel.compiled import words_of
from cardfleet.kernel.errors import Text
from lifecycle.choices import CaseKind, CaseOutcome
from lifecycle.models import Case
from lifecycle.playbooks.registry import kind_of

# Kinds that bring a card back.
BRINGING_BACK = (CaseKind.SUSPENSION, CaseKind.REVERIFICATION, CaseKind.LOSS, CaseKind.FAULT)
BACK = (CaseOutcome.RESTORED, CaseOutcome.REPLACED)
# A re-verification in time keeps a card that was never stopped.
IS_BACK = "(c.outcome = ANY(%(back)s) OR c.kind = 'reverification' AND c.outcome = 'kept')"
HUNDRED = Decimal(100)
# Days back that can be asked for.
SPANS = (30, 90, 365)
# Hours from the opening of a case to its end, of those that brought the card back; fees as the steps left them.
ENDED = """
WITH mine AS ({cases})
SELECT carrier.name, c.kind, c.reason, count(*), count(*) FILTER (WHERE {is_back}),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM c.closed_at - c.opened_at) / 3600)
        FILTER (WHERE {is_back}),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM c.closed_at - c.opened_at) / 3600)
        FILTER (WHERE {is_back}),
    coalesce(sum((c.facts->>'cost')::numeric), 0)
FROM lifecycle_case c JOIN cards_card card ON card.id = c.card_id
JOIN cards_carrier carrier ON carrier.id = card.carrier_id
WHERE c.id IN (SELECT id FROM mine) AND c.closed_at >= %(start)s AND c.closed_at < %(end)s AND c.kind = ANY(%(kinds)s)
GROUP BY carrier.name, c.kind, c.reason ORDER BY carrier.name, c.kind, c.reason
"""
REPORTS = """
WITH mine AS ({cases})
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY (facts->>'minutes_to_report')::numeric),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY (facts->>'minutes_to_stop')::numeric)
FROM lifecycle_case WHERE id IN (SELECT id FROM mine) AND kind = 'loss' AND opened_at >= %(start)s
    AND opened_at < %(end)s AND facts ? 'minutes_to_report'
"""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """The ended cases of a carrier, kind and reason; hours to the end of those that came back, `cost` in CNY."""

    carrier: str
    kind: str
    reason: str
    cases: int
    back: int
    median: Decimal | None
    slowest: Decimal | None
    cost: Decimal

    @property
    def kind_label(self) -> Text:
        """The kind in words."""
        return kind_of(self.kind).label

    @property
    def reason_label(self) -> Text:
        """The reason in words."""
        return kind_of(self.kind).reason_label(self.reason)

    @property
    def share(self) -> Decimal:
        """Cards that came back, in per cent."""
        return (self.back * HUNDRED / self.cases).quantize(Decimal("0.1"))


@dataclass(frozen=True, kw_only=True)
class Reports:
    """Losses reported in a time; median minutes from noticing to the report, and from there to the carrier's stop."""

    losses: int
    to_report: int | None
    to_stop: int | None


def since(days: int, *, now: datetime) -> datetime:
    """Return the begin of the Shanghai day so many days ago."""
    return day_start(business_day(now) - timedelta(days=days))


def ended_cases(user: User, start: datetime, end: datetime) -> Sequence[Ended]:
    """Return the cases a person sees that ended between two moments and were to bring a card back; one query."""
    values = {"back": list(map(str, BACK)), "kinds": list(map(str, BRINGING_BACK))}
    return [
        Ended(
            carrier=carrier,
            kind=kind,
            reason=reason,
            cases=cases,
            back=back,
            median=_hours(median),
            slowest=_hours(slowest),
            cost=cost,
        )
        for carrier, kind, reason, cases, back, median, slowest, cost in _asked(ENDED, user, start, end, values)
    ]


def loss_reports(user: User, start: datetime, end: datetime) -> Reports:
    """Return how fast losses were reported and stopped; one query."""
    losses, to_report, to_stop = _asked(REPORTS, user, start, end, {})[0]
    return Reports(losses=losses, to_report=_whole(to_report), to_stop=_whole(to_stop))


def _asked(statement: str, user: User, start: datetime, end: datetime, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    text = statement.format(cases=words_of(Case.objects.visible_to(user).order_by().values("id"), {}), is_back=IS_BACK)
    with connection.cursor() as cursor:
        cursor.execute(text, {"start": start, "end": end, **values})
        return list(cursor.fetchall())


def _hours(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(Decimal("0.1"))


def _whole(value: Any) -> int | None:
    return None if value is None else round(value)
