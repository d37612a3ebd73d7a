"""Rules about calling: caps, bursts, repeats, short calls, hours (R5, R37, R40, R86; domain.md section 3)."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cards.rules.scope import RuleTerms
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.findings import Finding, Number, Said, ceiling, finding, flag, floor, per_cent
from lifecycle.rules.hours import ALLOWED, BLOCKED, hour_states, window_text
from lifecycle.rules.pace import this_month
from lifecycle.rules.registry import LEADS_TO, rule_kind

LEAST_CALLS = 30
SHORT_S = 10
FIRST_DAYS = 7


def reached_at(facts: CardFacts, value: Number | None, limit: Number | None) -> datetime | None:
    """Return when a count of today comes to its limit at the pace of the last hour; None when not today."""
    if value is None or limit is None or not facts.calls_last_hour or not facts.calls_today or value >= limit:
        return None
    an_hour = Decimal(facts.calls_last_hour) * Decimal(value) / Decimal(facts.calls_today)
    if not an_hour:
        return None
    hours = (Decimal(limit) - Decimal(value)) / an_hour
    moment = facts.local_now + timedelta(seconds=int(min(hours, Decimal(48)) * 3600))
    return moment if moment.date() == facts.today else None


@rule_kind(
    "daily_out_calls",
    label=_("Outgoing calls a day"),
    unit="calls",
    window="day",
    facts=("calls_today",),
    blocks=("call",),
)
def daily_out_calls(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R37, R86: outgoing calls of the day against the cap."""
    said = Said(advice="stop_calling_today", limit_at=reached_at(facts, facts.calls_today, rule.first_limit))
    return ceiling(rule, facts.calls_today, said)


@rule_kind(
    "hourly_out_calls",
    label=_("Outgoing calls within 60 minutes"),
    unit="calls",
    window="60min",
    facts=("most_in_60",),
    blocks=("call",),
)
def hourly_out_calls(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R37: the most outgoing calls in any 60 minutes of the day; 60 is 超频 to one regulator."""
    return ceiling(rule, facts.most_in_60, Said(advice="slow_down"))


@rule_kind(
    "burst",
    label=_("Outgoing calls within 10 minutes"),
    unit="calls",
    window="10min",
    facts=("most_in_10",),
    weight=LEADS_TO,
    blocks=("call",),
)
def burst(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R37: the most outgoing calls in any 10 minutes of the day."""
    return ceiling(rule, facts.most_in_10, Said(advice="slow_down"))


@rule_kind(
    "min_gap",
    label=_("Shortest pauses between calls"),
    unit="seconds",
    facts=("short_gap_s",),
    weight=LEADS_TO,
    blocks=("call",),
)
def min_gap(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R37: machines dial faster than people. A tenth of the pauses counts, so that one redial is none."""
    return floor(rule, facts.short_gap_s, Said(advice="slow_down"))


@rule_kind(
    "daily_minutes",
    label=_("Minutes called a day"),
    unit="minutes",
    window="day",
    facts=("minutes_today",),
    weight=LEADS_TO,
    blocks=("call",),
)
def daily_minutes(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R5: minutes of the day against what was planned."""
    if facts.minutes_today is None:
        return None
    minutes = facts.minutes_today.quantize(Decimal("0.1"))
    said = Said(advice="stop_calling_today", limit_at=reached_at(facts, minutes, rule.limit))
    return ceiling(rule, minutes, said)


@rule_kind(
    "bundle_minutes",
    label=_("Bundle minutes used"),
    unit="%",
    window="month",
    facts=("minutes_month", "bundle_minutes"),
    weight=LEADS_TO,
)
def bundle_minutes(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R5, R48: minutes of the month against the plan's bundle; beyond it every minute costs."""
    used = per_cent(facts.minutes_month, facts.bundle_minutes)
    said = Said(
        advice="check_plan",
        params={"minutes": f"{facts.minutes_month or 0:.0f}", "bundle": facts.bundle_minutes or 0},
        limit_at=this_month(facts.local_now, used, rule.limit),
    )
    return ceiling(rule, used, said)


@rule_kind(
    "distinct_callees",
    label=_("Different callees a day"),
    unit="callees",
    window="day",
    facts=("distinct_callees_today",),
    blocks=("call",),
)
def distinct_callees(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R37: how many different people were called today."""
    said = Said(advice="stop_calling_today", limit_at=reached_at(facts, facts.distinct_callees_today, rule.limit))
    return ceiling(rule, facts.distinct_callees_today, said)


@rule_kind(
    "callee_repeat",
    label=_("Calls to one callee within 24 hours"),
    unit="calls",
    window="24h",
    facts=("most_to_one_24h",),
    weight=LEADS_TO,
    blocks=("callee",),
)
def callee_repeat(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R40: calling the same person again and again is harassment (Huawei Cloud advises 3 in 24 hours)."""
    return ceiling(rule, facts.most_to_one_24h, Said(advice="leave_callee"))


@rule_kind(
    "callee_repeat_30d",
    label=_("Calls to one callee within 30 days"),
    unit="calls",
    window="30d",
    facts=("most_to_one_30d",),
    weight=LEADS_TO,
    blocks=("callee",),
)
def callee_repeat_30d(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R40: as above over 30 days (Huawei Cloud advises 10)."""
    return ceiling(rule, facts.most_to_one_30d, Said(advice="leave_callee"))


@rule_kind(
    "short_call_ratio",
    label=_("Share of short answered calls"),
    unit="%",
    window="day",
    facts=("short_calls_today", "answered_today"),
)
def short_call_ratio(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R37: many calls that end at once look like a machine; judged from 30 answered calls a day.

    `shorter_than` says what is short: 5, 10 (where it says nothing), 15 or 30 seconds.
    """
    least = int(rule.params.get("least_calls", LEAST_CALLS))
    seconds = int(rule.params.get("shorter_than", SHORT_S))
    short = facts.short_calls_today[seconds] if facts.short_calls_today else None
    said = Said(
        advice="check_list",
        params={"short": short or 0, "answered": facts.answered_today or 0, "seconds": seconds},
    )
    share = per_cent(short, facts.answered_today, least=least)
    return ceiling(rule, share, said)


@rule_kind(
    "connect_rate",
    label=_("Answer rate"),
    unit="%",
    window="day",
    facts=("answered_today", "calls_today"),
    weight=LEADS_TO,
)
def connect_rate(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R77: a low answer rate shows a bad list or a marked number."""
    least = int(rule.params.get("least_calls", LEAST_CALLS))
    share = per_cent(facts.answered_today, facts.calls_today, least=least)
    return floor(rule, share, Said(advice="check_list"))


@rule_kind(
    "empty_number",
    label=_("Share of vacant numbers called"),
    unit="%",
    window="day",
    facts=("vacant_calls_today", "calls_today"),
    weight=LEADS_TO,
)
def empty_number(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R37: many vacant numbers look like dialling at random."""
    least = int(rule.params.get("least_calls", LEAST_CALLS))
    share = per_cent(facts.vacant_calls_today, facts.calls_today, least=least)
    return ceiling(rule, share, Said(advice="check_list"))


@rule_kind(
    "holiday",
    label=_("Calls on a holiday"),
    unit="calls",
    facts=("is_holiday", "calls_today"),
    weight=LEADS_TO,
    blocks=("call",),
)
def holiday(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """民法典 1033: calls on rest days disturb."""
    broken = (
        None if facts.is_holiday is None or facts.calls_today is None else facts.is_holiday and facts.calls_today > 0
    )
    return flag(rule, broken, Said(advice="stop_calling_today", params={"calls": facts.calls_today or 0}))


@rule_kind(
    "new_card_cap",
    label=_("Calls a day of a new card"),
    unit="calls",
    window="day",
    facts=("activated_on", "calls_today"),
    weight=LEADS_TO,
    blocks=("call",),
)
def new_card_cap(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """A lower cap in the first days of a card; never a reason to simulate traffic (domain.md section 7)."""
    if facts.activated_on is None:
        return None
    days = int(rule.params.get("first_days", FIRST_DAYS))
    if not timedelta(0) <= facts.today - facts.activated_on < timedelta(days=days):
        return None
    at = reached_at(facts, facts.calls_today, rule.limit)
    return ceiling(rule, facts.calls_today, Said(advice="stop_calling_today", params={"days": days}, limit_at=at))


@rule_kind(
    "call_window",
    label=_("Calls outside the calling hours"),
    unit="calls",
    window="day",
    facts=("hours_today",),
    weight=LEADS_TO,
    blocks=("call",),
)
def call_window(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """Calls outside the allowed hours warn; calls in the blocked ones (21:00-09:00 for insurance) hit the limit."""
    if facts.hours_today is None:
        return None
    called = [(state, calls) for state, calls in zip(hour_states(rule.params), facts.hours_today, strict=True) if calls]
    outside = sum(calls for state, calls in called if state != ALLOWED)
    if not outside:
        return None
    said = Said(advice="keep_hours", params={"hours": window_text(rule.params)})
    return finding(rule, Decimal(outside), said, reached=any(state == BLOCKED for state, _calls in called))
