"""`seed_demo` as a whole, on a small fleet (issue 2, item 9)."""

from datetime import date, datetime
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import TestCase

from agents.models import Absence, Agent, Assignment, CardRequest, Reservation
from agents.selectors.custody import custody_differences
from billing.models import Account, Claim, UsageRecord
from billing.selectors.cost_rows import CostBy
from billing.selectors.costs import month_costs
from billing.selectors.vouchers import voucher_of
from cardfleet.accounts.models import User
from cardfleet.journal.models import Entry
from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.reference import load
from cards.choices import ServiceState
from cards.models import Card, CardChange, CarrierRule, Device, DeviceUse, IdCheck, PurchaseOrder, Sanction
from cards.selectors.inspections import inspections_due
from lifecycle.choices import CaseKind
from lifecycle.demo.fleet import Size, seed_fleet
from lifecycle.models import (
    Alert,
    CardSwitch,
    CarrierNotice,
    Case,
    Complaint,
    CustomerProblem,
    NumberMark,
    Reverification,
    RiskAssessment,
)
from tests.conftest import FRIDAY
from tests.factories.agents import AgentFactory
from tests.factories.cards import CardFactory

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)
SMALL = {"cards": 60, "agents": 12, "days": 24, "seed": 5}
HASH = "SELECT count(*), md5(string_agg(x::text, '|' ORDER BY x::text)) FROM ({}) x"
FACTS = """
SELECT iccid, msisdn, imsi, r.code, p.name, service_state, stop_reason, custody_state, u.staff_no, t.name, expires_on,
    service_since, custody_since, real_name_state
FROM cards_card c JOIN cards_carrier r ON r.id = c.carrier_id JOIN cards_rateplan p ON p.id = c.plan_id
LEFT JOIN accounts_user u ON u.id = c.holder_id LEFT JOIN accounts_team t ON t.id = c.team_id
"""
ASSIGNED = """
SELECT c.iccid, u.staff_no, u.name, a.started_at, a.ended_at, a.accepted_at, a.origin, t.name
FROM agents_assignment a JOIN cards_card c ON c.id = a.card_id JOIN agents_agent g ON g.id = a.agent_id
JOIN accounts_user u ON u.id = g.user_id LEFT JOIN accounts_team t ON t.id = a.team_id
"""
CALLED = "SELECT msisdn, started_at, direction, counterpart, duration_s, fee, answered FROM billing_usagerecord"
POSTED = """
SELECT c.iccid, e.kind, e.amount, e.at, e.month FROM billing_ledgerentry e LEFT JOIN cards_card c ON c.id = e.card_id
"""
READ = """
SELECT c.iccid, read_at, r.balance FROM billing_balancereading r
JOIN billing_accountcard m ON m.account_id = r.account_id JOIN cards_card c ON c.id = m.card_id
"""
TRAINED = """
SELECT u.staff_no, passed_on, valid_until
FROM agents_trainingrecord r JOIN agents_agent g ON g.id = agent_id JOIN accounts_user u ON u.id = user_id
"""
RISKS = "SELECT c.iccid, score FROM lifecycle_riskassessment r JOIN cards_card c ON c.id = r.card_id"


def fingerprint() -> list[str]:
    """Return a hash of what the fleet is, free of row ids."""
    hashed = []
    with connection.cursor() as cursor:
        for query in (FACTS, ASSIGNED, CALLED, POSTED, READ, TRAINED, RISKS):
            cursor.execute(HASH.format(query))
            count, digest = cursor.fetchone()
            assert count, query
            hashed.append(digest)
    return hashed


def seed(**options) -> None:
    call_command("seed_demo", **({**SMALL, "on": ON} | options), stdout=StringIO())


def test_the_same_seed_on_the_same_day_makes_the_same_fleet(reference):
    made = []
    for _turn in range(2):
        with transaction.atomic():
            seed(cards=30, agents=6, days=12)
            made.append(fingerprint())
            transaction.set_rollback(True)
    assert made[0] == made[1]


class TestFleet(TestCase):
    """One fleet that several tests look at."""

    @classmethod
    def setUpTestData(cls) -> None:
        load(now=FRIDAY)
        seed()

    def test_a_fleet_proves_itself_and_shows_every_person_something(self):
        """Issue 2, item 9: believable patterns, stopped cards, arrears, expiries, idle spares; and it all agrees."""
        assert list(custody_differences()) == []
        for account in Account.objects.all():
            assert account.balance == sum(account.entries.values_list("amount", flat=True))
        assert Card.objects.count() == 60
        assert Card.objects.in_service().count() > 40
        assert Card.objects.stopped().exists()
        assert CardChange.objects.exclude(from_state="").exists()
        assert UsageRecord.objects.filter(flags__gt=0).count() == 0
        assert UsageRecord.objects.filter(agent__isnull=False).count() > 0.9 * UsageRecord.objects.count()
        assert RiskAssessment.objects.filter(score__gte=40).exists()
        assert {"stopped", "arrears", "card_expiry", "suspension_risk"} <= set(
            Alert.objects.open().values_list("kind", flat=True)
        )
        assert not Entry.objects.filter(at__gt=datetime(2026, 11, 20, 14, 11, tzinfo=SHANGHAI)).exists()
        assert CarrierRule.objects.exists()

    def test_costs_have_several_groups_whatever_they_are_split_by(self):
        """R66: legal entities, regions, purposes and teams with their cost centres, each with its figures."""
        for by in (CostBy.ENTITY, CostBy.REGION, CostBy.PURPOSE, CostBy.TEAM):
            spent = [row.key for row in month_costs(ON.replace(day=1), by).rows if row.total > 0]
            assert len(set(spent) - {None}) >= 3, by
        voucher = voucher_of(ON.replace(day=1))
        assert len({line.centre for line in voucher.lines if line.centre}) >= 3

    def test_claims_stand_in_each_state(self):
        """R67: one to look at in each state that somebody is left with."""
        states = sorted(Claim.objects.values_list("state", flat=True))
        assert states == ["approved", "draft", "paid", "refused", "submitted"]

    def test_every_kind_of_case_and_a_switch_are_shown(self):
        """Issue 6: each kind has a case to look at; renewals were opened by their job, too."""
        assert set(CaseKind.values) == set(Case.objects.open().values_list("kind", flat=True))
        assert set(Case.objects.filter(source="system").values_list("kind", flat=True)) >= {"renewal"}
        assert CardSwitch.objects.filter(minutes_lost__gt=0).exists()

    def test_the_five_sign_ins_and_the_agents_cards(self):
        for username in ("admin", "supervisor", "finance", "compliance", "agent"):
            person = authenticate(username=username, password="cardfleet-demo")
            assert person is not None, username
            assert not person.must_change_password
            assert list(person.role_names) == [username]
        agent = Agent.objects.get(user__username="agent")
        assert agent.user.staff_no
        held = Assignment.objects.open().filter(agent=agent)
        assert sorted(bool(assignment.accepted_at) for assignment in held) == [False, True, True]
        supervisor = User.objects.get(username="supervisor")
        assert Card.objects.visible_to(supervisor).count() == 60

    def test_every_page_of_the_desk_has_something_to_show(self):
        """Absences, requests at each stage, phones, marks, clocks, a notice, an order, IDs checked, one to inspect."""
        now = datetime(2026, 11, 20, 14, 0, tzinfo=SHANGHAI)
        assert Absence.objects.on(ON).count() == 2
        assert list(CardRequest.objects.order_by("pk").values_list("state", "level")) == [
            ("waiting", "supervisor"),
            ("waiting", "compliance"),
            ("approved", ""),
            ("rejected", ""),
        ]
        assert Device.objects.exclude(imei2="").filter(licence_no="").count() == 1
        assert DeviceUse.objects.filter(until=None).count() == 16
        assert NumberMark.objects.filter(ended_on=None).count() == 2
        assert Complaint.objects.filter(kind="notified").exists()
        assert Reverification.objects.open().filter(due_at__gt=now).count() == 1
        assert CarrierNotice.objects.count() == 1
        assert Reservation.objects.count() == 2
        assert PurchaseOrder.objects.count() == 1
        assert IdCheck.objects.unsettled().count() == Sanction.objects.count() == 1
        assert {"leaver", "desk"} <= set(Alert.objects.open().values_list("kind", flat=True))
        assert CustomerProblem.objects.filter(solved_at=None).count() == 1
        assert inspections_due(Card.objects.all(), today=ON).exists()

    def test_secrets_are_stored_sealed(self):
        card = Card.objects.filter(service_state=ServiceState.ACTIVE).select_related("secret").first()
        assert len(card.secret.pin1) == 4
        with connection.cursor() as cursor:
            cursor.execute("SELECT pin1 FROM cards_cardsecret WHERE card_id = %s", [card.pk])
            assert card.secret.pin1 not in cursor.fetchone()[0]

    def test_a_second_run_changes_nothing(self):
        entries = Entry.objects.count()
        out = StringIO()

        call_command("seed_demo", stdout=out)

        assert "there already" in out.getvalue()
        assert Entry.objects.count() == entries


@pytest.mark.parametrize("there", [CardFactory, AgentFactory])
def test_a_database_in_use_is_refused(there, reference):
    there()

    with pytest.raises(CommandError, match=r"demo|演示"):
        seed()

    assert Card.objects.count() + Agent.objects.count() == 1


def test_the_password_comes_from_the_environment(reference, monkeypatch):
    monkeypatch.setenv("CARDFLEET_DEMO_PASSWORD", "another-one-7")
    seed(cards=12, agents=5, days=5)
    assert authenticate(username="agent", password="another-one-7") is not None


@pytest.mark.parametrize(("cards", "agents", "days"), [(1, 1, 1), (8, 2, 3), (12, 4, 100)])
def test_any_size_can_be_asked_for(cards, agents, days, reference):
    moment = datetime(2026, 11, 20, 7, 15, tzinfo=SHANGHAI)
    size = Size(cards=cards, agents=agents, days=days, seed=3)

    seeded = seed_fleet(size=size, on=ON, moment=moment, password="cardfleet-demo")

    assert (seeded.cards, seeded.agents) == (cards, agents)
    assert list(custody_differences()) == []
