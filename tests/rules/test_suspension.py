"""Which stop is ended how, what it costs, and what it does not allow: tables, no database."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from cardfleet.kernel.clock import SHANGHAI
from cards.choices import StopReason
from cards.rules.carrier_terms import CarrierTerms, restore_by
from lifecycle.choices import CustomerChannel, StopGroup
from lifecycle.rules.cases.contingency import ContingencyFacts, contingency_refusals
from lifecycle.rules.cases.impact import Hours, ImpactFacts, Rates, impact
from lifecycle.rules.cases.suspension import (
    FoundStop,
    cause_refusal,
    group_of,
    opening_refusals,
    replacement_refusal,
    worth_opening,
)
from lifecycle.rules.downtime import Period, Stopped, by_group, total

FRIDAY = datetime(2026, 11, 20, tzinfo=SHANGHAI)
WORKDAYS = Hours(windows=((9 * 3600, 12 * 3600), (14 * 3600, 20 * 3600)), is_rest=lambda day: day.weekday() >= 5)
RATES = Rates(idle_hour=Decimal(60), call=Decimal("0.5"))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("reason", "group"),
    [
        ("arrears", StopGroup.MONEY),
        ("high_fee", StopGroup.MONEY),
        ("violation", StopGroup.CONDUCT),
        ("complaint", StopGroup.CONDUCT),
        ("harassment", StopGroup.CONDUCT),
        ("abnormal_use", StopGroup.CONDUCT),
        ("fraud_model", StopGroup.CONDUCT),
        ("authority", StopGroup.CONDUCT),
        ("real_name", StopGroup.IDENTITY),
        ("reverification", StopGroup.IDENTITY),
        ("maintenance", StopGroup.WORKS),
        ("card_fault", StopGroup.PLASTIC),
        ("expired", StopGroup.PLASTIC),
        ("lost", StopGroup.LOST),
        ("other", StopGroup.UNKNOWN),
        ("unknown", StopGroup.UNKNOWN),
        ("", StopGroup.UNKNOWN),
    ],
)
def test_each_reason_has_its_way_back(reason, group):
    """R35, R36, R37, R38, R39: arrears, violations, abnormal use, works, faulty cards each end differently."""
    assert group_of(reason) == group


def stops(count: int, reason: str, *, carrier: int = 1, first: int = 0, is_explained: bool = False) -> list[FoundStop]:
    return [
        FoundStop(card_id=first + n, carrier_id=carrier, reason=reason, at=FRIDAY, is_explained=is_explained)
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("found", "opened"),
    [
        (stops(1, "maintenance"), 1),
        (stops(20, "maintenance"), 0),
        (stops(20, ""), 0),
        (stops(19, ""), 19),
        (stops(10, "") + stops(10, "", carrier=2, first=50), 20),
        (stops(50, "arrears"), 50),
        (stops(3, "", is_explained=True), 0),
        (stops(20, "maintenance") + stops(1, "violation", first=90), 1),
    ],
)
def test_works_of_a_carrier_open_no_crowd_of_cases(found, opened):
    """R38: a mass stop without a reason of its own, or one that a notice explains, is one matter."""
    assert len(worth_opening(found, storm_at=20)) == opened


@pytest.mark.parametrize(
    ("reasons", "released", "refused"),
    [
        (("arrears",), False, False),
        (("card_fault", "card_fault"), False, False),
        (("", "maintenance"), False, False),
        (("violation",), False, True),
        (("arrears", "harassment"), False, True),
        (("reverification",), False, True),
        (("violation",), True, False),
    ],
)
def test_no_other_card_takes_over_from_a_penalty(reasons, released, refused):
    """R47: replaced after arrears, faults and works; never to dodge a violation, complaint or re-verification."""
    assert bool(replacement_refusal(reasons=reasons, is_released=released)) == refused


@pytest.mark.parametrize(
    ("reason", "cause", "has_file", "refused"),
    [
        ("unknown", "arrears", False, False),
        ("arrears", "violation", False, False),
        ("violation", "complaint", False, False),
        ("violation", "maintenance", False, True),
        ("violation", "maintenance", True, False),
    ],
)
def test_a_penalty_becomes_something_else_by_letter_only(reason, cause, has_file, refused):
    """R44: the cause is what the carrier confirms; a word does not make a penalty harmless."""
    assert bool(cause_refusal(reasons=(reason,), cause=cause, has_file=has_file)) == refused


@pytest.mark.parametrize(
    ("state", "stop_reason", "reason", "codes"),
    [
        ("active", "", "violation", []),
        ("full_stop", "arrears", "arrears", []),
        ("full_stop", "", "unknown", []),
        ("voluntary_stop", "voluntary", "arrears", ["own_stop"]),
        ("forced_stop", "violation", "arrears", ["reason_softer"]),
        ("half_stop", "harassment", "unknown", ["reason_softer"]),
        ("forced_stop", "violation", "complaint", []),
    ],
)
def test_a_penalty_is_not_opened_as_something_harmless(state, stop_reason, reason, codes):
    """R34, R35: a case may precede the stop; it may not call a penalty by another name."""
    found = opening_refusals(service_state=state, stop_reason=stop_reason, reason=reason)
    assert [one.code for one in found] == codes


@pytest.mark.parametrize(("hours", "by"), [(24, at(21, 11)), (48, at(22, 11))])
def test_a_paid_card_is_expected_back_by_the_carriers_terms(hours, by):
    """R45: 24 or 48 hours after the payment."""
    assert restore_by(CarrierTerms(restore_hours=hours), paid_at=at(20, 11)) == by


@pytest.mark.parametrize(
    ("since", "until", "calling"),
    [
        (at(20, 9), at(20, 10), 1),
        (at(20, 8), at(20, 21), 9),
        (at(20, 11), at(20, 15), 2),
        (at(20, 12), at(20, 14), 0),
        (at(20, 19), at(23, 10), 2),
        (at(21, 9), at(21, 20), 0),
        (at(20, 10), at(20, 10), 0),
    ],
)
def test_downtime_counts_in_calling_hours_of_working_days(since, until, calling):
    """R41: from Friday evening to Monday morning two hours are lost, not sixty-three."""
    assert WORKDAYS.within(since, until) == calling * 3600


def test_impact_is_time_agents_customers_and_money():
    """R41: downtime in minutes, agents who stand still, customers called before, calls not made, estimated loss."""
    facts = ImpactFacts(since=at(20, 10), until=at(20, 16), idle_agents=1, customers=45, calls_a_day=Decimal(90))
    harm = impact(facts, hours=WORKDAYS, rates=RATES)
    assert (harm.minutes, harm.calling_seconds, harm.idle_agents, harm.customers) == (360, 4 * 3600, 1, 45)
    assert (harm.calls, harm.loss) == (40, Decimal("260.00"))


def test_nothing_is_missed_where_another_card_calls_on_and_nothing_is_reckoned_without_a_rate():
    """R41: an agent with another card loses no call; without rates the loss is unknown, not nought."""
    facts = ImpactFacts(since=at(20, 10), until=at(20, 16), idle_agents=0, customers=45, calls_a_day=Decimal(90))
    assert impact(facts, hours=WORKDAYS, rates=RATES).loss == Decimal("0.00")
    assert impact(facts, hours=WORKDAYS, rates=Rates(idle_hour=None, call=None)).loss is None


def stopped(card: int, begun: datetime, ended: datetime | None = None, **facts) -> Stopped:
    known = {"carrier": 1, "reason": "arrears", "team": 7, "agent": card, "is_idle": True} | facts
    span = {"begun": begun, "ended": ended, "is_restored": ended is not None}
    return Stopped(card=card, calls_a_day=Decimal(90), customers=10, **span, **known)


def test_the_downtime_report_counts_what_lies_within_its_period():
    """R41: by carrier, reason or team; a stop is cut to the period, and only ended ones tell how long they took."""
    november = Period(start=at(1, 0), end=at(20, 12))
    found = [
        stopped(1, at(18, 9), at(18, 15)),
        stopped(2, at(20, 10), None, reason="violation"),
        stopped(1, datetime(2026, 10, 31, 12, tzinfo=SHANGHAI), at(2, 10), agent=None, is_idle=False),
    ]
    money, conduct = sorted(
        by_group(found, "reason", november, hours=WORKDAYS, rates=RATES), key=lambda row: str(row.key)
    )
    assert (money.key, money.stops, money.cards, money.restored, money.idle_agents) == ("arrears", 2, 1, 2, 1)
    assert (money.hours, money.calling_hours, money.to_restore) == (Decimal("40.0"), Decimal("5.0"), Decimal("26.0"))
    assert (conduct.key, conduct.restored, conduct.to_restore, conduct.hours) == ("violation", 0, None, Decimal("2.0"))
    whole = total(found, november, hours=WORKDAYS, rates=RATES)
    assert (whole.stops, whole.seconds, whole.customers) == (3, money.seconds + conduct.seconds, 30)
    assert whole.loss == (money.loss or 0) + (conduct.loss or 0)
    assert {row.key for row in by_group(found, "team", november, hours=WORKDAYS, rates=RATES)} == {7}


@pytest.mark.parametrize(
    ("channels", "basis", "reasons", "released", "codes"),
    [
        ({CustomerChannel.INCOMING}, "", {"violation"}, False, set()),
        ({CustomerChannel.WECHAT}, "CRM 2026-10", {"arrears"}, False, set()),
        ({CustomerChannel.WECHAT, CustomerChannel.EMAIL}, " ", {"arrears"}, False, {"consent_basis_missing"}),
        ({CustomerChannel.OTHER_CARD}, "CRM", {"maintenance"}, False, set()),
        ({CustomerChannel.OTHER_CARD}, "CRM", {"arrears", "complaint"}, False, {"channel_dodges"}),
        ({CustomerChannel.OTHER_CARD}, "CRM", {"complaint"}, True, set()),
        ({CustomerChannel.OTHER_CARD}, "", {"harassment"}, False, {"consent_basis_missing", "channel_dodges"}),
    ],
)
def test_customers_are_reached_by_channels_they_agreed_to(channels, basis, reasons, released, codes):
    """R53: consented channels only, and none that goes on with what was stopped."""
    plan = ContingencyFacts(channels=frozenset(channels), basis=basis, reasons=frozenset(reasons), is_released=released)
    assert {reason.code for reason in contingency_refusals(plan)} == codes


def test_every_reason_of_a_stop_by_a_carrier_has_a_group():
    """No reason is forgotten; those of one's own decisions are asked about like unknown ones."""
    own = {"voluntary", "business_change", "demand_change", "unused"}
    assert {reason for reason in StopReason if group_of(reason) == StopGroup.UNKNOWN} == own | {
        "idle", "not_activated", "other",
    }  # fmt: skip


def test_a_holiday_is_a_day_of_rest():
    """R41: hours on a public holiday are no calling hours."""
    closed = Hours(windows=WORKDAYS.windows, is_rest=lambda day: day == date(2026, 10, 1))
    start = datetime(2026, 10, 1, 9, tzinfo=SHANGHAI)
    assert closed.within(start, start + timedelta(hours=25)) == 3600
