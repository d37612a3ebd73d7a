"""What a rule would have hit over 30 days, before it is written: from rollups, from records, or for today alone."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from billing.choices import SourceRole
from billing.models import UsageBatch, UsageRecord
from billing.services.partitions import ensure_partitions
from cardfleet.kernel.clock import SHANGHAI, business_day, day_bounds
from cards.models import CarrierRule, PlanPrice, RatePlan
from lifecycle.rules import kinds
from lifecycle.rules.replay import Draft
from lifecycle.selectors.facts import facts_of, ground_at, inputs_of
from lifecycle.selectors.replay import needs_records, replay
from lifecycle.selectors.replay_sql import DAILY
from lifecycle.selectors.rules import RuleBook, terms_of
from tests.factories.billing import UsageSourceFactory
from tests.factories.cards import CardFactory, CarrierFactory, CarrierRuleFactory, ContractFactory
from tests.factories.lifecycle import UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
CARDS, BACK = 25, 4


def rule_of(kind: str) -> CarrierRule:
    return CarrierRule.objects.get(kind=kind, industry="", carrier=None)


def drafted(rule: CarrierRule, **values) -> Draft:
    """Return the next version of a rule, from today on."""
    return Draft(terms=replace(terms_of(rule), effective_from=date(2026, 11, 20), **values),
                 lineage=frozenset({rule.pk}))  # fmt: skip


@pytest.fixture
def fleet(now):
    """Cards on both sides of every limit on the days before, seen by one or two roles of source."""
    dice, today = Random(4), business_day(now)
    carriers = [CarrierFactory(), CarrierFactory()]
    plans = [RatePlan.objects.create(carrier=carrier, name="Plan") for carrier in carriers]
    for plan in plans:
        PlanPrice.objects.create(plan=plan, effective_from="2026-01-01", monthly_fee=19, included_minutes=200)
    agreed = [ContractFactory(carrier=carrier, daily_call_limit=90) for carrier in carriers]
    cards = []
    for number in range(CARDS):
        side = number % 2
        card = CardFactory(
            carrier=carriers[side], plan=plans[side], contract=agreed[side] if number % 5 == 0 else None,
            industry="保险" if number % 4 == 0 else "", activated_on=today - timedelta(days=dice.choice([5, 300])),
        )  # fmt: skip
        cards.append(card)
        for back in range(1, BACK + 1):
            for role in dice.choice([[], [SourceRole.CARRIER], [SourceRole.SWITCH, SourceRole.CARRIER]]):
                _day(card, dice, today - timedelta(days=back), role)
    CarrierRuleFactory(carrier=carriers[1], warn=60, limit=80)
    return cards


def _day(card, dice, day, role):
    calls = dice.choice([20, 70, 120, 230])
    hours = [0] * 24
    hours[dice.choice([8, 10, 22])] = calls
    UsageDailyFactory(
        card=card, day=day, role=role, calls=calls, answered=dice.randrange(calls + 1), hours=hours,
        under_10=dice.randrange(calls // 2), seconds=calls * dice.randrange(20, 200), most_to_one=dice.randrange(5),
        distinct_callees=dice.randrange(calls + 1), most_in_60=dice.randrange(70), most_in_10=dice.randrange(20),
    )  # fmt: skip


def by_the_rules(cards, draft, now):
    """Return per day how many cards the functions of the rules find at the limit, before and after."""
    kind, counts = draft.terms.kind, {}
    old = RuleBook([terms_of(rule) for rule in CarrierRule.objects.in_force(draft.terms.effective_from)],
                   day=draft.terms.effective_from)  # fmt: skip
    new = RuleBook([*(rule for rule in old.rules if rule.rule_id not in draft.lineage), draft.now_written], day=old.day)
    for back in range(1, BACK + 1):
        day = business_day(now) - timedelta(days=back)
        moment = day_bounds(day)[1] - timedelta(seconds=1)
        ground, known = ground_at(moment), inputs_of([card.pk for card in cards], now=moment)
        hits = [0, 0]
        for inputs in known.values():
            both = [book.for_inputs(inputs)[kind].terms for book in (old, new)]
            if both[0].rule_id not in draft.lineage and both[1].rule_id != -1:
                continue
            for side, terms in enumerate(both):
                hits[side] += any(found.is_reached for found in kinds.find(facts_of(inputs, ground), [terms]))
        counts[day.isoformat()] = tuple(hits)
    return counts


def changed(rule: CarrierRule) -> dict:
    """Return values that hit more, or fewer, of the fleet."""
    if rule.kind == "call_window":
        return {"params": {"allowed": [["08:00", "12:00"]], "blocked": []}}
    if rule.kind == "connect_rate":
        return {"limit": Decimal(50), "warn": Decimal(60)}
    return {"limit": (rule.limit or rule.warn) / 2, "warn": (rule.limit or rule.warn) / 4} if rule.warn else {}


def test_a_replay_finds_what_the_rules_find(fleet, now):
    """R2, R21: what is shown before saving is what the assessment would have found, kind by kind."""
    for kind in sorted(DAILY):
        rule = rule_of(kind)
        draft = drafted(rule, **changed(rule))
        found = replay(draft, now=now)
        days = {day.day: (day.old_hit, day.new_hit) for day in found.days}
        expected = by_the_rules(fleet, draft, now)
        assert {day: days[day] for day in expected} == expected, kind
        assert kind == "holiday" or any(old or new for old, new in expected.values()), kind
        assert found.newly_hit - found.no_longer_hit == found.new_hit - found.old_hit, kind


def test_of_a_narrower_rule_only_its_cards_are_counted(fleet, now):
    """R2: a rule for one carrier takes its cards from the general one; those with a contract keep its limit."""
    carrier = fleet[0].carrier
    terms = replace(terms_of(rule_of("daily_out_calls")), warn=Decimal(1), limit=Decimal(2), rule_id=None)
    narrow = replace(terms, scope=replace(terms.scope, carrier=carrier.pk))
    found = replay(Draft(terms=narrow), now=now)
    mine = [card for card in fleet if card.carrier_id == carrier.pk]
    assert found.cards == len(mine)
    assert 0 < found.newly_hit == found.new_hit - found.old_hit <= len(mine)


def test_a_kind_known_for_today_alone_is_asked_of_today(now):
    """R35: complaints are counted as of now."""
    card = CardFactory(is_marked=True)
    CardFactory()
    found = replay(drafted(rule_of("marked"), warn=None, limit=Decimal(1)), now=now)
    assert found.is_today_only
    assert (found.old_hit, found.new_hit, found.newly_hit, list(found.gained)) == (0, 1, 1, [card.pk])


def test_what_rollups_do_not_hold_is_read_from_the_calls(now):
    """R37: a pause, a window or a short-call length is replayed on the records, day by day."""
    day = business_day(now) - timedelta(days=2)
    ensure_partitions(day, day)
    source = UsageSourceFactory()
    batch = UsageBatch.objects.create(source=source, created_at=now)
    at = datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI)
    hasty, calm = CardFactory(), CardFactory()
    for card, pause in ((hasty, 5), (calm, 60)):
        for number in range(40):
            UsageRecord.objects.create(
                card=card, uid=f"00000000-0000-0000-{card.pk:04d}-{number:012d}", source=source, batch=batch,
                started_at=at + timedelta(seconds=number * (12 + pause)), direction="out", counterpart="+8613900000000",
                duration_s=12, answered=True, msisdn=card.msisdn,
            )  # fmt: skip
    days = []
    gap = drafted(rule_of("min_gap"), limit=Decimal(60))
    assert needs_records(gap)
    found = replay(gap, now=now, on_records=True, told=days.append)
    assert (found.old_hit, found.new_hit, found.newly_hit, sum(days)) == (1, 2, 1, 30)
    short = drafted(rule_of("short_call_ratio"), params={"least_calls": 30, "shorter_than": 15})
    assert needs_records(short)
    assert not needs_records(drafted(rule_of("short_call_ratio"), limit=Decimal(80)))
    found = replay(short, now=now, on_records=True)
    assert (found.old_hit, found.new_hit, found.cards) == (0, 2, 2)
    burst = drafted(rule_of("burst"), window="3min")
    found = replay(burst, now=now, on_records=True)
    assert (found.old_hit, found.new_hit) == (1, 0)
    hours = drafted(rule_of("call_window"), params={"blocked": [["10:00", "11:00"]]})
    assert replay(hours, now=now, on_records=True).new_hit == 2
