"""The cost report: split by who held the card when, and always the ledger's sum (R13, R66, R68)."""

import csv
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.choices import COST_KINDS, EntryKind
from billing.models import UsageCharge
from billing.selectors.cost_report import Wanted, cost_report
from billing.selectors.cost_rows import CostBy, Part
from billing.selectors.costs import ledger_total, month_costs
from billing.services import ledger
from billing.services.month_sums import sum_months
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cards.choices import Purpose, RegistrantKind
from cards.models import Card
from tests.billing.conftest import at, generic
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory
from tests.factories.billing import AccountFactory, held
from tests.factories.cards import CardFactory, RegistrantFactory

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)
REGIONS, PURPOSES = ("浙江杭州", "", "浙江杭州"), ("sales", "service", "sales")


def fee(card, amount="30.00", *, account=None, kind=EntryKind.MONTHLY_FEE):
    """Post a charge of a card on an account of its own."""
    account = account or AccountFactory(cards=[card])
    return ledger.post(
        account=account, kind=kind, amount=-Decimal(amount), actor=None, now=at(1), card=card, month=NOVEMBER
    )


def by_name(report) -> dict[str, tuple]:
    return {row.key: (row.monthly, row.calls, row.other, row.total) for row in report.rows}


def test_a_fee_is_split_by_days_held_and_the_rest_is_nobody_s():
    """R13, R94: who held the card pays for the days; 未分配 for the days nobody did."""
    card, first, second = CardFactory(), AgentFactory(), AgentFactory()
    held(card, first, at(1), at(11, 9))
    held(card, second, at(11, 9), at(25, 18))
    fee(card)
    report = month_costs(NOVEMBER, CostBy.AGENT)
    assert {row.key: row.monthly for row in report.rows} == {
        first.pk: Decimal("10.00"),
        second.pk: Decimal("15.00"),
        None: Decimal("5.00"),
    }
    assert report.rows[-1].key is None
    assert (report.total.total, report.total.cards) == (Decimal("30.00"), 1)


# When two agents held the card on 10 November: from, until and who; the days each pays for, and its calls by hour.
TWICE_IN_A_DAY = [
    # Handed over at noon and back at six: the day is the last receiver's.
    ([(1, 0, 10, 12, "a"), (10, 12, 10, 18, "b"), (10, 18, None, None, "a")], {"a": 30}, {"a": 2, "b": 1}),
    # Received, handed on in the afternoon and kept: the day is the second's, the rest nobody's.
    ([(10, 9, 10, 14, "a"), (10, 14, None, None, "b")], {"b": 21, None: 9}, {"a": 1, "b": 1, None: 1}),
    # Handed over and returned within the day: the day is whose who returned it.
    ([(10, 9, 10, 14, "a"), (10, 14, 10, 17, "b")], {"b": 1, None: 29}, {"a": 1, None: 2}),
]


@pytest.mark.parametrize(("spans", "days", "calls"), TWICE_IN_A_DAY)
def test_a_card_that_changes_hands_twice_in_a_day(spans, days, calls, card, load):
    """R13: calls cost whom who held the card at their second, monthly fees by the days held."""
    people = {"a": AgentFactory(), "b": AgentFactory()}
    for day, hour, last, until, who in spans:
        held(card, people[who], at(day, hour), at(last, until) if last else None)
    moments = ("08:59:59", "13:59:59", "18:00:00")
    load(generic(*(f"13812345678,2026-11-10 {clock},out,13900000001,61,1.00" for clock in moments)))
    fee(card, account=card.paid_by.get().account)
    names = {agent.pk: name for name, agent in people.items()}
    rows = {names.get(row.key): row for row in month_costs(NOVEMBER, CostBy.AGENT).rows}
    assert {name: row.monthly for name, row in rows.items() if row.monthly} == {
        name: Decimal(count) for name, count in days.items()
    }
    assert {name: row.calls for name, row in rows.items() if row.calls} == {
        name: Decimal(count) for name, count in calls.items()
    }
    assert sum(row.made for row in rows.values()) == len(moments)


def test_a_group_opens_into_its_cards(card, load):
    """R13: from a team to its cards; they add up to its row, and nobody's cards are those that lay idle."""
    mine, other = TeamFactory(), TeamFactory()
    shared = CardFactory(region="浙江杭州")
    held(card, AgentFactory(user__team=mine), at(1))
    held(shared, AgentFactory(user__team=mine), at(1), at(11))
    held(shared, AgentFactory(user__team=other), at(11), at(21))
    for one in (card, shared):
        fee(one)
    teams = {row.key: row.total for row in month_costs(NOVEMBER, CostBy.TEAM).rows}
    assert teams == {mine.pk: Decimal(40), other.pk: Decimal(11), None: Decimal(9)}
    for key, cards in {mine.pk: {card.pk: 30, shared.pk: 10}, other.pk: {shared.pk: 11}, None: {shared.pk: 9}}.items():
        part = month_costs(NOVEMBER, CostBy.CARD, part=Part(of=CostBy.TEAM, key=key))
        assert {row.key: row.total for row in part.rows} == cards
        assert part.total.total == teams[key]
    region = month_costs(NOVEMBER, CostBy.AGENT, part=Part(of=CostBy.REGION, key="浙江杭州"))
    assert (region.total.total, region.total.agents, region.total.cards) == (Decimal(30), 2, 1)


def test_two_months_stand_beside_each_other(card):
    """A group that cost something in one of them only is there, too."""
    before, now = AgentFactory(), AgentFactory()
    held(card, before, at(1, month=10), at(1))
    held(card, now, at(1))
    account = card.paid_by.get().account if card.paid_by.exists() else AccountFactory(cards=[card])
    fee(card, account=account)
    ledger.post(
        account=account,
        kind=EntryKind.SMS,
        amount=Decimal(-8),
        actor=None,
        now=at(1),
        card=card,
        month=date(2026, 10, 1),
    )
    report = cost_report(Wanted(month=NOVEMBER, by=CostBy.AGENT, against=date(2026, 10, 1)))
    assert {row.key: (row.total, row.before) for row in report.rows} == {now.pk: (30, 0), before.pk: (0, 8)}
    assert (report.total.total, report.total.before, report.total.change) == (30, 8, 22)


@pytest.mark.parametrize("by", list(CostBy))
def test_every_split_has_the_same_sum(by, card, load):
    """R66: spending by team, agent, card, carrier and plan is one sum, and so is what nobody used."""
    agent = AgentFactory()
    held(card, agent, at(10))
    calls = ("2026-11-09 09:00:00,out,13900000001,61,0.31", "2026-11-12 09:00:00,out,10086,5,0.20")
    load(generic(*(f"13812345678,{call}" for call in calls)))
    account = card.paid_by.get().account
    fee(card, "29.99", account=account)
    fee(card, "1.01", account=account, kind=EntryKind.OTHER_CHARGE)
    mistake = fee(card, "7.00", account=account)
    ledger.reverse(entry=mistake, note="", actor=None, now=at(2))
    ledger.top_up(account=account, amount=Decimal(50), actor=None, now=at(2))
    report = month_costs(NOVEMBER, by)
    assert sum(row.total for row in report.rows) == report.total.total == ledger_total(NOVEMBER) == Decimal("31.51")
    assert (report.total.monthly, report.total.calls, report.total.other) == (
        Decimal("29.99"),
        Decimal("0.51"),
        Decimal("1.01"),
    )
    assert sum_months(now=at(13)) == 1
    assert month_costs(NOVEMBER, by) == report


def test_a_month_by_legal_entity_region_and_purpose(card, db):
    """R66: each company that cards are registered to is a group; who is a person is in the group of none."""
    company, person = RegistrantFactory(name="甲公司"), RegistrantFactory(kind=RegistrantKind.PERSON)
    other = CardFactory(registrant=person, region="成都", purpose=Purpose.SERVICE)
    Card.objects.filter(pk=card.pk).update(registrant=company, region="上海")
    fee(card, "29.99")
    fee(other, "9.01")
    for by, groups in (
        (CostBy.ENTITY, {company.pk: "29.99", None: "9.01"}),
        (CostBy.REGION, {"上海": "29.99", "成都": "9.01"}),
        (CostBy.PURPOSE, {Purpose.SALES: "29.99", Purpose.SERVICE: "9.01"}),
    ):
        assert {row.key: str(row.total) for row in month_costs(NOVEMBER, by).rows} == groups


def test_sums_of_a_month_are_forgotten_by_new_calls_until_taken_again(card, load):
    """G12: whichever is read, the report is the same, to the fen and the second."""
    load(generic("13812345678,2026-11-09 09:00:00,out,13900000001,61,0.31"))
    assert sum_months(now=at(12)) == 1
    load(generic("13812345678,2026-11-09 10:00:00,out,13900000001,59,0.20"))
    report = month_costs(NOVEMBER, CostBy.CARD)
    assert (report.total.calls, report.total.seconds) == (Decimal("0.51"), 120)
    assert [sum_months(now=at(12)) for _time in range(2)] == [1, 0]
    UsageCharge.objects.update(amount=0)
    assert month_costs(NOVEMBER, CostBy.CARD) == report
    assert (report.total.cards, report.total.minutes) == (1, 2)


def test_calls_of_the_last_days_leave_the_sums_of_the_month_standing(card, load):
    """What still comes in is read as it is, until it rests."""
    load(generic("13812345678,2026-11-09 09:00:00,out,13900000001,61,0.31"))
    assert sum_months(now=at(12)) == 1
    load(generic("13812345678,2026-11-10 09:00:00,out,13900000001,59,0.20"))
    report = month_costs(NOVEMBER, CostBy.CARD)
    assert (report.total.calls, report.total.seconds, report.total.cards) == (Decimal("0.51"), 120, 1)
    assert sum_months(now=at(12)) == 0
    assert sum_months(now=at(13)) == 1
    assert month_costs(NOVEMBER, CostBy.CARD) == report


def test_a_shared_account_s_own_charges_fall_on_its_cards():
    """集团统付: a charge that names no card is split over the cards the account paid for."""
    cards = CardFactory.create_batch(3)
    account = AccountFactory(kind="shared", cards=cards)
    ledger.charge(account=account, amount=Decimal(10), actor=None, now=at(2))
    report = month_costs(NOVEMBER, CostBy.CARD)
    assert sorted(row.other for row in report.rows) == [Decimal("3.33"), Decimal("3.33"), Decimal("3.34")]


def test_a_supervisor_sees_the_costs_of_the_own_scope(reference):
    mine, other = TeamFactory(), TeamFactory()
    card, spare = CardFactory(), CardFactory(team=mine)
    held(card, AgentFactory(user__team=mine), at(1), at(16))
    held(card, AgentFactory(user__team=other), at(16))
    fee(card)
    fee(spare, "8.00")
    person = PersonFactory(role=Role.SUPERVISOR, scope=mine)
    report = month_costs(NOVEMBER, CostBy.TEAM, user=person)
    assert {row.key: row.total for row in report.rows} == {mine.pk: Decimal("15.00"), None: Decimal("8.00")}
    assert report.total.total == Decimal("23.00")


BESIDE = [kind for kind in sorted(COST_KINDS) if kind not in (EntryKind.MONTHLY_FEE, EntryKind.USAGE)]
SPANS = st.lists(st.tuples(st.integers(0, 40 * 24), st.integers(1, 400)), max_size=5)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    fleet=st.lists(
        st.tuples(SPANS, st.integers(1, 99_999), st.dictionaries(st.sampled_from(BESIDE), st.integers(1, 9_999))),
        min_size=1,
        max_size=3,
    ),
    shared=st.integers(0, 9_999),
)
def test_the_sum_over_any_split_is_the_ledger_s(fleet, shared, db):
    """Invariant 4: to the fen, whoever held the cards; and so do the scopes of all teams."""
    with transaction.atomic():
        agents = AgentFactory.create_batch(3)
        teams = TeamFactory.create_batch(len(fleet))
        cards = [
            CardFactory(region=REGIONS[index], purpose=PURPOSES[index], team=teams[index])
            for index in range(len(fleet))
        ]
        account = AccountFactory(kind="shared", cards=cards)
        if shared:
            ledger.charge(account=account, amount=Decimal(shared) / 100, actor=None, now=at(3))
        for card, (spans, fen, others) in zip(cards, fleet, strict=True):
            moment = at(25, month=10)
            for index, (gap, hours) in enumerate(spans):
                start = moment + timedelta(hours=gap)
                moment = start + timedelta(hours=hours)
                held(card, agents[index % 3], start, moment)
            fee(card, Decimal(fen) / 100, account=account)
            for kind, amount in others.items():
                fee(card, Decimal(amount) / 100, account=account, kind=kind)
        totals = {by: cost_report(Wanted(month=NOVEMBER, by=by)) for by in CostBy}
        for report in totals.values():
            assert sum(row.total for row in report.rows) == report.total.total == ledger_total(NOVEMBER)
            assert sum(row.net for row in report.rows) == report.total.net == totals[CostBy.TEAM].total.net
            assert report.total.kinds == totals[CostBy.TEAM].total.kinds
        seen = (PersonFactory(scope=team) for team in (*teams, *(agent.user.team for agent in agents)))
        scopes = [month_costs(NOVEMBER, CostBy.TEAM, user=person) for person in seen]
        assert sum(report.total.total for report in scopes) == ledger_total(NOVEMBER)
        transaction.set_rollback(True)


def test_export_as_csv_and_xlsx(tmp_path):
    """export_costs: last column and last row are the total, the unassigned group comes last but one."""
    card, agent = CardFactory(), AgentFactory()
    held(card, agent, at(16))
    fee(card)
    for suffix in ("csv", "xlsx"):
        output = f"--output={tmp_path}/costs.{suffix}"
        call_command("export_costs", "--month=2026-11", "--by=agent", f"--format={suffix}", output, "--purpose=audit")
    with (tmp_path / "costs.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[-1] for row in rows[1:]] == ["15.00", "15.00", "30.00"]
    assert rows[1][:2] == [agent.user.name, agent.user.staff_no]
    assert rows[0][-1] == rows[-1][0]
    sheet = openpyxl.load_workbook(tmp_path / "costs.xlsx", data_only=True).active
    assert [row[-1].value for row in sheet.iter_rows(min_row=2)] == [15, 15, 30]
    exports = Entry.objects.filter(action="billing.costs_exported")
    assert [(entry.actor, entry.reason, entry.data["by"]) for entry in exports] == [(None, "audit", "agent")] * 2
    with pytest.raises(CommandError, match="purpose"):
        call_command("export_costs", "--month=2026-11", f"--output={tmp_path}/costs.csv")
