"""What a rule reads of a card's day, as SQL over rollups and over records, and the statements of a replay.

A measure gives the value that the kind's function in `lifecycle.rules` would have read on that day; a test compares
both. `d` is a card's day (a row of UsageDaily, or the same reckoned from records), `c` a card of the replay.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cards.rules.scope import RuleTerms
from lifecycle.rules.calls import FIRST_DAYS, LEAST_CALLS, SHORT_S
from lifecycle.rules.hours import ALLOWED, BLOCKED, hour_states
from lifecycle.rules.terms import is_falling

Marks = tuple[Decimal | None, Decimal | None]
WARNED, REACHED = Decimal(1), Decimal(2)


@dataclass(frozen=True)
class Span:
    """The Shanghai days of a replay, both included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]


def marks(rule: RuleTerms) -> Marks:
    """Return where a rule begins to warn and where it hits; of a kind that measures its state, the steps of that."""
    if rule.kind == "call_window":
        return WARNED, REACHED
    if rule.kind == "holiday":
        return WARNED, WARNED
    known = [mark for mark in (rule.warn, rule.limit) if mark is not None]
    first = max(known, default=None) if is_falling(rule.kind) else min(known, default=None)
    return first, rule.limit


def _least(rule: RuleTerms) -> int:
    return max(int(rule.params.get("least_calls", LEAST_CALLS)), 1)


def _short(rule: RuleTerms) -> int:
    return int(rule.params.get("shorter_than", SHORT_S))


def _share(part: str, whole: str, rule: RuleTerms) -> str:
    return f"CASE WHEN d.{whole} >= {_least(rule)} THEN round(d.{part} * 100.0 / d.{whole}, 1) END"


def _hours(rule: RuleTerms) -> str:
    states = list(enumerate(hour_states(rule.params), start=1))
    outside = [f"d.hours[{hour}]" for hour, state in states if state != ALLOWED] or ["0"]
    blocked = [f"d.hours[{hour}]" for hour, state in states if state == BLOCKED] or ["0"]
    return f"CASE WHEN {' + '.join(blocked)} > 0 THEN 2 WHEN {' + '.join(outside)} > 0 THEN 1 END"


def _new_card(rule: RuleTerms) -> str:
    days = int(rule.params.get("first_days", FIRST_DAYS))
    return f"CASE WHEN d.day - c.activated_on BETWEEN 0 AND {days - 1} THEN d.calls END"


def _holiday(_rule: RuleTerms) -> str:
    return "CASE WHEN d.day = ANY(%(holidays)s) AND d.calls > 0 THEN 1 END"


Measure = Callable[[RuleTerms], str]
DAILY: Mapping[str, Measure] = {
    "daily_out_calls": lambda _rule: "d.calls",
    "hourly_out_calls": lambda _rule: "d.most_in_60",
    "burst": lambda _rule: "d.most_in_10",
    "daily_minutes": lambda _rule: "round(d.seconds / 60.0, 1)",
    "bundle_minutes": lambda _rule: "round(d.seconds / 0.6 / nullif(c.bundle_minutes, 0), 1)",
    "distinct_callees": lambda _rule: "d.distinct_callees",
    "callee_repeat": lambda _rule: "d.most_to_one",
    "short_call_ratio": lambda rule: _share(f"under_{_short(rule)}", "answered", rule),
    "connect_rate": lambda rule: _share("answered", "calls", rule),
    "new_card_cap": _new_card,
    "call_window": _hours,
    "holiday": _holiday,
}
"""Kinds that are replayed over the rollups."""
BY_MONTH = frozenset({"bundle_minutes"})

WINDOW = re.compile(r"(\d+)min")
ORDER = "PARTITION BY card_id, role ORDER BY second"


def _minutes(rule: RuleTerms) -> int:
    found = WINDOW.fullmatch(rule.window)
    return int(found[1]) if found else {"burst": 10}.get(rule.kind, 60)


def _within(rule: RuleTerms) -> tuple[str, str]:
    last = _minutes(rule) * 60 - 1
    return f"count(*) OVER ({ORDER} RANGE BETWEEN CURRENT ROW AND {last} FOLLOWING)", "max({})"


def _gap(_rule: RuleTerms) -> tuple[str, str]:
    return f"second - lag(second + duration_s) OVER ({ORDER})", "min({})"


def _shorter(rule: RuleTerms) -> tuple[str, str]:
    share = "count(*) FILTER (WHERE answered AND {}) * 100.0 / nullif(count(*) FILTER (WHERE answered), 0)"
    return (
        f"duration_s < {_short(rule)}",
        f"CASE WHEN count(*) FILTER (WHERE answered) >= {_least(rule)} THEN round({share}, 1) END",
    )


def _clock(rule: RuleTerms) -> tuple[str, str]:
    states = ", ".join(str({ALLOWED: 0, BLOCKED: 2}.get(state, 1)) for state in hour_states(rule.params))
    return f"(ARRAY[{states}])[second / 3600 + 1]", "max({})"


RECORDS: Mapping[str, Callable[[RuleTerms], tuple[str, str]]] = {
    "hourly_out_calls": _within,
    "burst": _within,
    "min_gap": _gap,
    "short_call_ratio": _shorter,
    "call_window": _clock,
}
"""Kinds that are replayed over the records where their window, gap or length changes: what is said of a call, and how
a day is reckoned from that."""

# Of every number twice: by the rule as it is now (old) and as it would be (new); `from` is where it begins to warn.
# Marks and values are compared as floats, several times faster than numerics; both come from the same decimals.
COLUMNS = "old_measure, old_from, old_limit, new_measure, new_from, new_limit"
SCOPES = """
SELECT card.carrier_id, card.plan_id, card.region, card.industry, contract.daily_call_limit AS agreed,
    CASE WHEN card.id = ANY(%(own)s) THEN card.id END AS own
FROM cards_card card LEFT JOIN cards_contract contract ON contract.id = card.contract_id
WHERE card.service_state <> ALL(%(ended)s) GROUP BY 1, 2, 3, 4, 5, 6
"""
MAKE_SCOPES = """
CREATE TEMPORARY TABLE replay_scope (carrier_id bigint, plan_id bigint, region text, industry text, agreed integer,
    own bigint, old_measure integer, old_from float8, old_limit float8, new_measure integer, new_from float8,
    new_limit float8) ON COMMIT DROP
"""
ADD_SCOPE = "INSERT INTO replay_scope VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
# The coalesced columns may be hashed; IS NOT DISTINCT FROM may not.
MAKE_CARDS = f"""
CREATE TEMPORARY TABLE replay_card ON COMMIT DROP AS
SELECT card.id AS card_id, card.activated_on, price.included_minutes AS bundle_minutes, {COLUMNS}
FROM cards_card card LEFT JOIN cards_contract contract ON contract.id = card.contract_id
JOIN replay_scope s ON s.carrier_id = card.carrier_id AND coalesce(s.plan_id, 0) = coalesce(card.plan_id, 0)
    AND s.region = card.region AND s.industry = card.industry
    AND coalesce(s.agreed, -1) = coalesce(contract.daily_call_limit, -1)
    AND coalesce(s.own, 0) = CASE WHEN card.id = ANY(%(own)s) THEN card.id ELSE 0 END
LEFT JOIN cards_planprice price ON price.plan_id = card.plan_id AND price.effective_from <= %(today)s
    AND (price.effective_to IS NULL OR price.effective_to > %(today)s)
WHERE card.service_state <> ALL(%(ended)s)
"""  # noqa: S608 - our own words
MAKE_HITS = """
CREATE TEMPORARY TABLE replay_hit (card_id bigint, day date, old_level integer, new_level integer) ON COMMIT DROP
"""
# Only of the few days that were warned or hit it is asked whether another role of source saw more calls.
FROM_ROLLUPS = """
INSERT INTO replay_hit
SELECT card_id, day, {old_level}, {new_level} FROM (
    SELECT d.card_id, d.day, d.role, d.calls, old_from, old_limit, new_from, new_limit, {old_value} AS old_value,
        {new_value} AS new_value
    FROM billing_usagedaily d JOIN replay_card c ON c.card_id = d.card_id
    WHERE d.day BETWEEN %(first)s AND %(last)s
) found
WHERE {is_found} AND {is_chosen}
"""
IS_MIXED = """
SELECT EXISTS (SELECT FROM billing_usagedaily WHERE day BETWEEN %(first)s AND %(last)s AND role <> (
    SELECT role FROM billing_usagedaily WHERE day BETWEEN %(first)s AND %(last)s LIMIT 1))
"""
IS_CHOSEN = """NOT EXISTS (
    SELECT FROM billing_usagedaily o WHERE o.card_id = found.card_id AND o.day = found.day AND o.role <> found.role
        AND (o.calls > found.calls OR o.calls = found.calls AND o.role < found.role))"""
# Minutes of the month up to a day, which stay as they are until the card calls again or the month ends; of several
# roles the day's largest counts, as in the rules' inputs.
FROM_MONTH = """
INSERT INTO replay_hit
SELECT card_id, day::date, {old_level}, {new_level} FROM (
    SELECT d.card_id, d.since, d.until, old_from, old_limit, new_from, new_limit, {old_value} AS old_value,
        {new_value} AS new_value
    FROM (SELECT card_id, day AS since, sum(seconds) OVER days AS seconds, least(coalesce(lead(day) OVER days,
                    (date_trunc('month', day) + interval '1 month')::date) - 1, %(last)s) AS until
                FROM (SELECT card_id, day, max(seconds) AS seconds FROM billing_usagedaily
                      WHERE day BETWEEN date_trunc('month', %(first)s::date)::date AND %(last)s
                      GROUP BY card_id, day) day
                WINDOW days AS (PARTITION BY card_id, date_trunc('month', day) ORDER BY day)) d
    JOIN replay_card c ON c.card_id = d.card_id
) found CROSS JOIN generate_series(greatest(since, %(first)s::date), until, interval '1 day') AS day
WHERE {is_found}
"""
FROM_RECORDS = """
INSERT INTO replay_hit
SELECT card_id, %(day)s, {old_level}, {new_level} FROM (
    SELECT DISTINCT ON (card_id) card_id, old_from, old_limit, new_from, new_limit, {old_value} AS old_value,
        {new_value} AS new_value
    FROM (SELECT card_id, role, count(*) AS calls, {reckoned}
          FROM (SELECT *, {said} FROM (
                  SELECT u.card_id, s.role, u.duration_s, u.answered,
                      mod(floor(date_part('epoch', u.started_at))::bigint + 28800, 86400)::integer AS second
                  FROM billing_usagerecord u JOIN billing_usagesource s ON s.id = u.source_id
                  WHERE u.started_at >= %(starts)s AND u.started_at < %(ends)s AND u.direction = 'out'
                      AND u.card_id IN (SELECT card_id FROM replay_card)) call) said
          GROUP BY card_id, role) d
    JOIN replay_card c USING (card_id) ORDER BY card_id, calls DESC, role
) valued
WHERE {is_found}
"""
BY_CARD = """
WITH card AS (
    SELECT card_id, max(old_level) AS old, max(new_level) AS new, count(*) FILTER (WHERE new_level = 2) AS days,
        max(day) AS last
    FROM replay_hit GROUP BY card_id
)
SELECT count(*) FILTER (WHERE old = 2), count(*) FILTER (WHERE new = 2), count(*) FILTER (WHERE new = 2 AND old < 2),
    count(*) FILTER (WHERE old = 2 AND new < 2), count(*) FILTER (WHERE old >= 1), count(*) FILTER (WHERE new >= 1),
    (array_agg(card_id ORDER BY days DESC, card_id) FILTER (WHERE new = 2 AND old < 2))[:10],
    (array_agg(card_id ORDER BY last DESC, card_id) FILTER (WHERE old = 2 AND new < 2))[:10]
FROM card
"""
BY_DAY = """
SELECT day, count(*) FILTER (WHERE old_level = 2), count(*) FILTER (WHERE new_level = 2),
    count(*) FILTER (WHERE old_level >= %(old_alerts)s AND old_before < %(old_alerts)s),
    count(*) FILTER (WHERE new_level >= %(new_alerts)s AND new_before < %(new_alerts)s)
FROM {hits} hit GROUP BY day ORDER BY day
"""
EACH_DAY = "(SELECT *, 0 AS old_before, 0 AS new_before FROM replay_hit)"
# An alert about what lasts a month is opened once; one about a day is opened each day.
EACH_MONTH = """(
    SELECT *, lag(old_level, 1, 0) OVER days AS old_before, lag(new_level, 1, 0) OVER days AS new_before
    FROM replay_hit WINDOW days AS (PARTITION BY card_id, date_trunc('month', day) ORDER BY day)
)"""


def by_day(*, is_lasting: bool) -> str:
    """Return the statement that counts hits and alerts by day."""
    return BY_DAY.format(hits=EACH_MONTH if is_lasting else EACH_DAY)


def from_rollups(rules: Sequence[RuleTerms], *, kind: str, is_mixed: bool) -> str:
    """Return the statement that values every card day of the span by the measures of some rules of a kind.

    `is_mixed`: several roles of source saw the span, so that of a day's rows one is chosen.
    """
    expressions = [DAILY[kind](rule) for rule in rules]
    statement = FROM_MONTH if kind in BY_MONTH else FROM_ROLLUPS
    return statement.format(
        is_chosen=IS_CHOSEN if is_mixed else "true",
        old_value=_chosen("old", expressions),
        new_value=_chosen("new", expressions),
        **_levels(kind),
    )


def from_records(rules: Sequence[RuleTerms], *, kind: str) -> str:
    """Return the statement that values the calls of one day by the measures of some rules of a kind."""
    pairs = [RECORDS[kind](rule) for rule in rules]
    return FROM_RECORDS.format(
        said=", ".join(f"{said} AS said_{place}" for place, (said, _day) in enumerate(pairs)),
        reckoned=", ".join(f"{day.format(f'said_{place}')} AS v_{place}" for place, (_said, day) in enumerate(pairs)),
        old_value=_chosen("old", [f"d.v_{place}" for place in range(len(pairs))]),
        new_value=_chosen("new", [f"d.v_{place}" for place in range(len(pairs))]),
        **_levels(kind),
    )


def _chosen(side: str, expressions: Sequence[str]) -> str:
    """Return the value by the measure of a card's rule; one without a rule has no marks to come up to."""
    if len(expressions) == 1:
        return f"({expressions[0]})::float8"
    cases = " ".join(f"WHEN {place} THEN {value}" for place, value in enumerate(expressions))
    return f"(CASE c.{side}_measure {cases} END)::float8"


def _levels(kind: str) -> dict[str, str]:
    sign = "<=" if is_falling(kind) else ">="
    levels = {
        f"{side}_level": f"CASE WHEN {side}_value {sign} {side}_limit THEN 2 "
        f"WHEN {side}_value {sign} {side}_from THEN 1 ELSE 0 END"
        for side in ("old", "new")
    }
    return {**levels, "is_found": f"(old_value {sign} old_from OR new_value {sign} new_from)"}
