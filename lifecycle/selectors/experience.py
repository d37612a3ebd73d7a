"""What carriers did so far, set-based: days by how high a value was, and the values of cards when they were stopped."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from cardfleet.kernel.clock import day_start
from cards.rules.scope import RuleTerms
from lifecycle.models import StopsAt
from lifecycle.rules.calls import LEAST_CALLS
from lifecycle.rules.experience import SAME_LIMIT, STEPS_A_DOUBLING, Exposure
from lifecycle.selectors.conduct_stops import CONFIRMED, INTO_STOP

LEARNT_DAYS = 90
COMPLAINT_DAYS = 30

STEP = f"CASE WHEN value >= 1 THEN floor({STEPS_A_DOUBLING} * log(2, value::numeric))::int ELSE -1 END"
VALUES = f"""
VALUES ('daily_out_calls', calls::numeric), ('hourly_out_calls', hour::numeric),
    ('short_call_ratio', CASE WHEN answered >= {LEAST_CALLS} THEN short * 100.0 / answered END)"""
DAY = """
SELECT card_id, day, max(calls) AS calls, max(most_in_60) AS hour, max(answered) AS answered, max(under_10) AS short
FROM billing_usagedaily WHERE day >= %(since)s AND day < %(until)s GROUP BY card_id, day"""
VALID = """said.is_valid AND said.kind = 'complaint' AND said.reverses_id IS NULL
    AND NOT EXISTS (SELECT FROM lifecycle_complaint back WHERE back.reverses_id = said.id)"""
USED_ON = """greatest(card.activated_on, (
    SELECT max(day) FROM billing_usagedaily WHERE card_id = card.id AND calls > 0 AND day < {until}), (
    SELECT max(entry.at AT TIME ZONE 'Asia/Shanghai')::date FROM billing_ledgerentry entry
    JOIN billing_accountcard paid ON paid.account_id = entry.account_id AND paid.card_id = card.id
    WHERE entry.kind = 'top_up' AND entry.at < {until}))"""
# Of a card idle for n days each day from the first to the n-th was seen without a stop.
EXPOSURES = f"""
SELECT carrier_id, kind, {STEP} AS step, sum(days) FROM (
    SELECT card.carrier_id, seen.kind, seen.value, count(*) AS days
    FROM ({DAY}) one JOIN cards_card card ON card.id = one.card_id
    CROSS JOIN LATERAL ({VALUES}) seen(kind, value)
    WHERE seen.value IS NOT NULL GROUP BY 1, 2, 3
    UNION ALL
    SELECT carrier_id, 'complaints', known, count(*) FROM (
        SELECT card.carrier_id, said.card_id, day, count(*)::numeric AS known
        FROM generate_series(%(since)s::date, %(until)s::date - 1, '1 day') day
        JOIN lifecycle_complaint said ON said.received_at >= day - interval '{COMPLAINT_DAYS} days'
            AND said.received_at < day + interval '1 day' AND {VALID}
        JOIN cards_card card ON card.id = said.card_id GROUP BY 1, 2, 3) complained GROUP BY 1, 3
    UNION ALL
    SELECT carrier_id, 'idle_days', value, count(*) FROM (
        SELECT card.carrier_id, %(until)s::date - {USED_ON.format(until="%(until)s")} AS idle
        FROM cards_card card WHERE card.service_state = 'active') resting
    CROSS JOIN LATERAL generate_series(1, least(idle, 400)) value GROUP BY 1, 3
) counted GROUP BY 1, 2, 3"""  # noqa: S608 - our own words
STOPS = f"""
SELECT card.carrier_id, {CONFIRMED}, used.calls, used.hour,
    CASE WHEN used.answered >= {LEAST_CALLS} THEN used.short * 100.0 / used.answered END,
    (SELECT count(*) FROM lifecycle_complaint said WHERE said.card_id = card.id AND {VALID}
        AND said.received_at <= change.at AND said.received_at > change.at - interval '{COMPLAINT_DAYS} days'),
    (change.at AT TIME ZONE 'Asia/Shanghai')::date - {USED_ON.format(until="change.at")}
FROM cards_cardchange change JOIN cards_card card ON card.id = change.card_id
LEFT JOIN LATERAL (
    SELECT max(calls) AS calls, max(most_in_60) AS hour, max(answered) AS answered, max(under_10) AS short
    FROM billing_usagedaily WHERE card_id = card.id
        AND day <= (change.at AT TIME ZONE 'Asia/Shanghai')::date
        AND day >= (change.at AT TIME ZONE 'Asia/Shanghai')::date - 1
) used ON true
WHERE {INTO_STOP} AND change.at >= %(since_at)s AND change.at < %(until_at)s"""  # noqa: S608 - our own words
KINDS_OF_STOPS = ("daily_out_calls", "hourly_out_calls", "short_call_ratio", "complaints", "idle_days")


@dataclass(frozen=True, kw_only=True)
class PastStop:
    """A stop and what the card showed on its day or the day before, by kind."""

    carrier_id: int
    reason: str
    values: Mapping[str, Decimal]


def exposures(today: date) -> Mapping[tuple[int, str], list[Exposure]]:
    """Return the days of the last months by carrier and kind, without their stops."""
    found: defaultdict[tuple[int, str], list[Exposure]] = defaultdict(list)
    for carrier, kind, step, days in _rows(EXPOSURES, today):
        found[carrier, kind].append(Exposure(step=step, days=int(days), stops=0))
    return found


def past_stops(today: date) -> Iterator[PastStop]:
    """Yield the stops of the last months."""
    for carrier, reason, *values in _rows(STOPS, today):
        known = zip(KINDS_OF_STOPS, values, strict=True)
        shown = {kind: Decimal(value) for kind, value in known if value is not None and value > 0}
        yield PastStop(carrier_id=carrier, reason=reason, values=shown)


def _rows(statement: str, today: date) -> list[Any]:
    since = today - timedelta(days=LEARNT_DAYS)
    given = {"since": since, "until": today, "since_at": day_start(since), "until_at": day_start(today)}
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


class Experience:
    """Where each carrier was seen to stop cards, applied to the rules that hold for its cards."""

    def __init__(self, known: Mapping[tuple[int, str], Decimal]) -> None:
        self._known = known

    def of_carrier(self, rule: RuleTerms, carrier: int) -> RuleTerms:
        """Return a rule with what is known of a carrier."""
        value = self._known.get((carrier, SAME_LIMIT.get(rule.kind, rule.kind)))
        return rule if value is None else replace(rule, stops_at=value)

    def watched(self, rules: Iterable[RuleTerms]) -> list[RuleTerms]:
        """Return rules and, of those whose limits were learnt, what they are for each carrier: for the sieve."""
        given = list(rules)
        carriers = {carrier for carrier, _kind in self._known}
        learnt = [
            replace(found, scope=replace(rule.scope, carrier=carrier))
            for rule in given
            for carrier in carriers
            if rule.scope.carrier in (None, carrier) and (found := self.of_carrier(rule, carrier)) is not rule
        ]
        return given + learnt


def experience() -> Experience:
    """Return what was learnt, in one query."""
    return Experience({(row.carrier_id, row.kind): row.value for row in StopsAt.objects.all()})
