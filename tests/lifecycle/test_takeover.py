"""A company comes with its cards in hands: one file opens cards, assignments and balances (issue: take-over)."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from agents.choices import AgentStatus, AssignmentOrigin
from agents.models import Assignment
from billing.models import Account, LedgerEntry
from cardfleet.journal.models import Entry
from cardfleet.kernel.clock import SHANGHAI
from cards.models import Card, CardChange
from lifecycle.services.takeover import FleetImport, import_card_file
from tests.cards.files import HEADER, iccid, sheet
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory, CarrierFactory, SanctionFactory

pytestmark = pytest.mark.django_db

TITLES = (*HEADER, "状态", "领用人工号", "领用日期", "余额", "实名状态")


@pytest.fixture(autouse=True)
def mobile():
    return CarrierFactory(code="cmcc", name="中国移动", aliases=["移动"])


@pytest.fixture
def agent():
    return AgentFactory(user__staff_no="S001")


def load(*rows, dry_run=False, actor=None) -> FleetImport:
    """Import a take-over file."""
    return import_card_file(
        sheet=sheet(TITLES, *rows),
        create_missing=False,
        team=None,
        reason="register of October, attested by Wang",
        dry_run=dry_run,
        actor=actor,
        now=FRIDAY,
    )


def row(number: int, *told: str) -> tuple[str, ...]:
    """Return a line about a card."""
    return (iccid(number), f"1380000000{number}", "移动", *told)


def test_one_file_opens_cards_assignments_and_balances(agent):
    """R12, R29: holder, issue date, state, balance and real-name under one attested reason."""
    done = load(row(1, "正常", "S001", "2026-10-08", "35.5", "已实名"), row(2, "欠费停机", "", "", "-3", "否"))
    assert done.counts() == {
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "refused": 0,
        "assignments": 1,
        "balances": 2,
    }
    held, stopped = Card.objects.order_by("iccid")
    assignment = Assignment.objects.get()
    assert (assignment.card, assignment.agent, assignment.origin) == (held, agent, AssignmentOrigin.TAKEOVER)
    assert assignment.started_at == datetime(2026, 10, 8, tzinfo=SHANGHAI)
    assert (held.custody_state, held.holder, held.team) == ("issued", agent.user, agent.user.team)
    assert (stopped.service_state, stopped.stop_reason, stopped.custody_state) == ("full_stop", "arrears", "in_stock")
    assert {entry.card: entry.amount for entry in LedgerEntry.objects.all()} == {
        held: Decimal("35.50"),
        stopped: Decimal("-3.00"),
    }
    reasons = set(Entry.objects.filter(action="cards.card_taken_over").values_list("reason", flat=True))
    assert reasons == {"register of October, attested by Wang"}


def test_dry_run_gives_the_same_answer_and_writes_nothing(agent):
    rows = [row(1, "正常", "S001", "2026-10-08", "35.5", ""), row(2, "正常", "S404", "", "", "")]
    tried = load(*rows, dry_run=True)
    assert not Card.objects.exists()
    assert not Assignment.objects.exists()
    assert not Account.objects.exists()
    assert not Entry.objects.exists()
    done = load(*rows)
    assert tried.counts() == done.counts()
    assert [line.number for line in tried.cards.refused] == [line.number for line in done.cards.refused] == [3]


def test_same_file_twice_changes_nothing(agent):
    rows = [row(1, "正常", "S001", "2026-10-08", "35.5", "已实名")]
    load(*rows)
    counted = [model.objects.count() for model in (Card, CardChange, Assignment, Account, LedgerEntry, Entry)]
    again = load(*rows)
    assert again.counts()["unchanged"] == 1
    assert [model.objects.count() for model in (Card, CardChange, Assignment, Account, LedgerEntry, Entry)] == counted


def test_line_whose_holder_cannot_have_the_card_comes_back_whole(agent):
    """A line is stored with all it says or not at all; the good lines land. Sanctions count from their first day."""
    AgentFactory(user__staff_no="S002", status=AgentStatus.LEFT, left_on=date(2026, 9, 1))
    SanctionFactory(person=AgentFactory(user__staff_no="S005").user)
    held = CardFactory(iccid=iccid(5), msisdn="+8613800000005")
    hand_over(held, AgentFactory(user__staff_no="S003"))
    done = load(
        row(1, "正常", "S001", "2026-10-08", "", ""),
        row(2, "正常", "S002", "", "7", ""),
        row(3, "正常", "S404", "", "", ""),
        row(4, "正常", "S001", "2026-12-24", "", ""),
        row(5, "正常", "S001", "", "", ""),
        row(6, "销户", "S001", "", "", ""),
        row(7, "正常", "S005", "2026-10-08", "", ""),
        row(8, "正常", "S005", "2025-12-31", "", ""),
    )
    found = {line.number: (line.reasons[0].code, line.reasons[0].column) for line in done.cards.refused}
    assert found == {
        3: ("agent_has_left", "领用人工号"),
        4: ("holder_unknown", "领用人工号"),
        5: ("day_ahead", "领用日期"),
        6: ("held_by_another", "领用人工号"),
        7: ("card_ended", "领用人工号"),
        8: ("sanctioned", "领用人工号"),
    }
    assert set(Card.objects.values_list("iccid", flat=True)) == {iccid(1), iccid(5), iccid(8)}
    assert not LedgerEntry.objects.exists()


def test_holders_outside_the_scope_are_not_known(agent):
    actor = PersonFactory(scope=TeamFactory())
    done = load(row(1, "正常", "S001", "", "", ""), actor=actor)
    assert [line.reasons[0].code for line in done.cards.refused] == ["holder_unknown"]
    seen = PersonFactory(scope=agent.user.team)
    assert load(row(1, "正常", "S001", "", "", ""), actor=seen).assignments == 1


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_depend_on_the_number_of_lines(agent, count, django_assert_num_queries):
    rows = [row(number, "正常", "S001", "2026-10-08", "5", "已实名") for number in range(count)]
    with django_assert_num_queries(55):
        assert load(*rows).assignments == count
