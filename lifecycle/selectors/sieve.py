"""Which cards a rule may hit, asked of the whole fleet at once, so that rules are applied to those alone.

Each kind has a condition on the inputs of a card that holds wherever its function finds something; it may hold more
often, never less (a test compares both over a fleet). The functions of `lifecycle.rules` alone say what is found. Of
a kind that is not named here every card is looked at.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db import connection
from psycopg2.sql import Literal

from billing.rules.runway import FARTHEST_DAYS
from cards.rules.scope import RuleTerms
from lifecycle.rules.calls import FIRST_DAYS, LEAST_CALLS, SHORT_S
from lifecycle.rules.hours import ALLOWED, hour_states
from lifecycle.selectors.facts import PLAIN, CardInputs, Ground, inputs_from, parameters
from lifecycle.selectors.facts_more import COLUMNS, JOINS
from lifecycle.selectors.sieve_more import MORE_SIEVES

Sieve = Callable[[RuleTerms, Ground], str]

# Values that rise to their marks. Rates are rounded to one decimal, CNY to two: half a step is added.
RISING: Mapping[str, str] = {
    "hourly_out_calls": "most_in_60",
    "burst": "most_in_10",
    "distinct_callees": "distinct_callees",
    "daily_minutes": "seconds_today / 60.0 + 0.05",
    "bundle_minutes": "seconds_month / 0.6 / nullif(bundle_minutes, 0) + 0.05",
    "complaints": "coalesce(complaints, 0)",
    "marked": "marks",
    "credit_limit": "greatest(-balance, 0) * 100 / nullif(credit_limit, 0) + 0.01",
    "fee_spike": "fees_month / nullif(fees_mean, 0) + 0.05",
    "id_card_count": "cards_on_id_here",
    "id_card_total": "cards_on_id",
}
LEFT = "(balance + credit_limit)"
RUNWAY = f"CASE WHEN {LEFT} <= 0 THEN 0 WHEN daily_burn > 0 THEN least(floor({LEFT} / daily_burn), {FARTHEST_DAYS}) END"
# A prepaid account owes below its carrier's line, a postpaid one as long as a bill of the months before is not paid.
OWING = f"""(CASE WHEN payment = 'prepaid' THEN {LEFT} < (SELECT max(stop_below) FROM cards_carrier)
    ELSE balance + billed_this < 0 OR balance + billed_this + billed_last < 0 END)"""  # noqa: S608 - our own words
USED_ON = """coalesce(greatest(last_call_on, (topped_up_at AT TIME ZONE 'Asia/Shanghai')::date),
    CASE WHEN activated_on IS NOT NULL THEN greatest(activated_on, (created_at AT TIME ZONE 'Asia/Shanghai')::date) END)
"""
AGREED_WARNING = Decimal("0.8")


def _rises(value: str, rule: RuleTerms) -> str:
    marks = _marks(rule)
    return f"{value} >= {min(marks)}" if marks else "false"


def _falls(value: str, rule: RuleTerms) -> str:
    marks = _marks(rule)
    return f"{value} <= {max(marks)}" if marks else "false"


def _marks(rule: RuleTerms) -> list[Decimal]:
    return [mark for mark in (rule.warn, rule.limit, rule.watched_from) if mark is not None]


def _daily_calls(rule: RuleTerms, _ground: Ground) -> str:
    """A limit agreed by contract moves both marks (`cards.rules.scope.as_agreed`)."""
    share = min(rule.warn / rule.limit, Decimal(1)) if rule.warn is not None and rule.limit else AGREED_WARNING
    lowest = min(_marks(rule), default="NULL::numeric")
    return f"calls >= least({lowest}, agreed * {share} - 1)"


def _new_card(rule: RuleTerms, ground: Ground) -> str:
    days = int(rule.params.get("first_days", FIRST_DAYS))
    return f"activated_on > {_day(ground)} - {days} AND {_rises('calls', rule)}"


def _answer_rate(rule: RuleTerms, _ground: Ground) -> str:
    return f"calls >= {_least(rule)} AND {_falls('answered * 100.0 / nullif(calls, 0) - 0.05', rule)}"


def _short_calls(rule: RuleTerms, _ground: Ground) -> str:
    short = f"under_{int(rule.params.get('shorter_than', SHORT_S))}"
    return f"answered >= {_least(rule)} AND {_rises(f'{short} * 100.0 / nullif(answered, 0) + 0.05', rule)}"


def _least(rule: RuleTerms) -> int:
    return int(rule.params.get("least_calls", LEAST_CALLS))


def _outside_hours(rule: RuleTerms, _ground: Ground) -> str:
    outside = [f"hours[{hour}]" for hour, state in enumerate(hour_states(rule.params), start=1) if state != ALLOWED]
    return f"{' + '.join(outside)} > 0" if outside else "false"


def _validity(rule: RuleTerms, ground: Ground) -> str:
    if rule.limit is None:
        return "false"
    days = int(rule.limit)
    return _rises(f"{days} - (coalesce(expires_on, activated_on + {days}) - {_day(ground)})", rule)


def _idle(rule: RuleTerms, ground: Ground) -> str:
    return _rises(f"{_day(ground)} - {USED_ON}", rule)


def _not_activated(rule: RuleTerms, ground: Ground) -> str:
    return f"service_state = 'pending' AND {_rises(f'{_day(ground)} - received_on', rule)}"


def _low_balance(rule: RuleTerms, _ground: Ground) -> str:
    return _falls("balance" if rule.unit == "CNY" else RUNWAY, rule)


def _banned(rule: RuleTerms, _ground: Ground) -> str:
    return f"btrim(industry) = ANY({_quoted(list(rule.params.get('industries', ())))}::text[])"


def _notified(rule: RuleTerms, ground: Ground) -> str:
    lowest = min(_marks(rule), default=None)
    groups = [group for group, rate in ground.rates.items() if lowest is not None and rate >= lowest]
    same = "carrier_id = {} AND contract IS NOT DISTINCT FROM {}"
    return " OR ".join(same.format(carrier, _quoted(number)) for carrier, number in groups) or "false"


def _day(ground: Ground) -> str:
    return f"'{ground.today}'::date"


SIEVES: Mapping[str, Sieve] = {
    "daily_out_calls": _daily_calls,
    "new_card_cap": _new_card,
    "connect_rate": _answer_rate,
    "short_call_ratio": _short_calls,
    "call_window": _outside_hours,
    "validity": _validity,
    "idle_days": _idle,
    "activation_days": _not_activated,
    "low_balance": _low_balance,
    "industry_ban": _banned,
    "holiday": lambda _rule, ground: "calls > 0" if ground.is_holiday else "false",
    "reported_rate": _notified,
    "late_fee": lambda _rule, _ground: OWING,
    "real_name": lambda _rule, _ground: "real_name_state <> 'valid'",
    "user_match": lambda _rule, _ground: "actual_user_id <> holder_id",
    "reverify_due": lambda _rule, _ground: "reverify_due_at IS NOT NULL",
    **MORE_SIEVES,
}


def touched(
    rules: Iterable[RuleTerms], ground: Ground, *, but: Collection[str], also: str = "false"
) -> Iterator[tuple[CardInputs, Collection[str]]]:
    """Yield, of the cards in `card_input` but those in some service states, the ones that a rule may hit or that a
    condition picks as well (`also`): their inputs and the kinds of the rules.

    Read in chunks, so that memory does not grow with the fleet.
    """
    connection.ensure_connection()
    conditions = _conditions(rules, ground)
    kinds = ", ".join(f"CASE WHEN {condition} THEN '{kind}' END" for kind, condition in conditions.items())
    any_of = " OR ".join([*conditions.values(), also])
    hit = (
        f"SELECT *, array_remove(ARRAY[{kinds}]::text[], NULL) AS hit FROM card_input "  # noqa: S608 - our own words
        f"WHERE service_state <> ALL({_quoted(sorted(but))}) AND ({any_of})"
    )
    with connection.cursor() as cursor:
        columns, joins = (cursor.mogrify(part, parameters(ground.now, None)).decode() for part in (COLUMNS, JOINS))
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT input.*, {columns} FROM ({hit}) input {joins} ORDER BY input.card_id")  # noqa: S608
        for row in cursor:
            yield inputs_from(row, more_from=PLAIN + 1), row[PLAIN]


def _conditions(rules: Iterable[RuleTerms], ground: Ground) -> dict[str, str]:
    """Return for each kind when one of its rules may hit a card: the most specific alone counts, but then it is one."""
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for rule in rules:
        by_kind[rule.kind].append(f"({_covers(rule)}) AND ({_may_hit(rule, ground)})")
    return {kind: f"({' OR '.join(found)})" for kind, found in by_kind.items()}


def _may_hit(rule: RuleTerms, ground: Ground) -> str:
    if rule.kind in RISING:
        return _rises(RISING[rule.kind], rule)
    return SIEVES[rule.kind](rule, ground) if rule.kind in SIEVES else "true"


def _covers(rule: RuleTerms) -> str:
    named = {f"{part}_id" if isinstance(value, int) else part: value for part, value in rule.scope.parts() if value}
    return " AND ".join(f"{column} = {_quoted(value)}" for column, value in named.items()) or "true"


def _quoted(value: Any) -> str:
    return str(Literal(value).as_string(connection.connection))
