"""A few different rows of every list that has a page and is in the API, and what its page leaves out by itself."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from agents.choices import LeavingState
from agents.models import Agent
from billing.models import (
    Account,
    BalanceGap,
    BalanceReading,
    Bill,
    BillDifference,
    PaymentBatch,
    PlanAdvice,
    UsageBatch,
    UsageRecord,
)
from billing.services.ledger import charge, top_up
from billing.services.partitions import ensure_partitions
from cardfleet.accounts.choices import Role
from cardfleet.files.services import store
from cards.choices import CustodyState, Purpose, RealNameState, RegistrantKind, ServiceState, StopReason
from cards.models import Card
from lifecycle.choices import AlertState, CaseColumn
from lifecycle.models import RiskAssessment
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AbsenceFactory, AgentFactory, LeavingFactory, hand_over
from tests.factories.billing import (
    AccountFactory,
    BillFactory,
    BillStatementFactory,
    DisputeFactory,
    TopUpRequestFactory,
    UsageSourceFactory,
)
from tests.factories.cards import CardFactory, RatePlanFactory, RegistrantFactory, TagFactory
from tests.factories.cases import CaseFactory
from tests.factories.claims import claimant, sent
from tests.factories.lifecycle import AlertFactory

TODAY = FRIDAY.date()


def agents() -> None:
    """One who joined lately, one who is away, one who left."""
    AgentFactory(joined_on=TODAY, user__name="Wang Wei", user__staff_no="A-1")
    AbsenceFactory(agent=AgentFactory(joined_on=TODAY - timedelta(days=90), status="on_hold"))
    AgentFactory(status="left", left_on=TODAY - timedelta(days=3))
    hand_over(CardFactory(), Agent.objects.earliest("pk"))


def alerts() -> None:
    """Of several kinds and states, with and without a day; one is somebody's, one rests."""
    AlertFactory(due_at=FRIDAY, assignee=PersonFactory())
    AlertFactory(kind="arrears", severity="critical", card=CardFactory(team=PersonFactory().team))
    AlertFactory(kind="idle", snoozed_until=FRIDAY + timedelta(days=4000))
    AlertFactory(card=None, agent=AgentFactory(), kind="training_expiry", first_seen_at=FRIDAY - timedelta(days=9))
    AlertFactory(state=AlertState.CLOSED, closed_at=FRIDAY)


def assignments() -> None:
    """One that holds, one that was accepted and is to be given back, one that ended."""
    hand_over(CardFactory(msisdn="+8613912345678"), AgentFactory())
    hand_over(CardFactory(), AgentFactory(), at=FRIDAY - timedelta(days=30), accepted_at=FRIDAY, due_back_on=TODAY)
    hand_over(CardFactory(), AgentFactory(), at=FRIDAY - timedelta(days=60), ended_at=FRIDAY - timedelta(days=40))


def gaps() -> None:
    """Of different sizes and ages, one of a shared account."""
    for number, facts in enumerate(({}, {"kind": "shared"}, {"payment": "postpaid", "credit_limit": 9}), start=1):
        account = AccountFactory(cards=[CardFactory()], **facts)
        at = FRIDAY - timedelta(days=10 * number)
        reading = BalanceReading.objects.create(
            account=account, read_at=at, balance=number, source="manual", recorded_at=at
        )
        BalanceGap.objects.create(
            account=account, reading=reading, computed=0, amount=-7 * number, since=at, looked_at=FRIDAY
        )


def best_plans() -> None:
    """Of different savings and minutes, of two carriers."""
    plans = RatePlanFactory.create_batch(3)
    for number, plan in enumerate(plans, start=1):
        card = CardFactory(carrier=plan.carrier, plan=plan, msisdn=f"+861391234567{number}")
        PlanAdvice.objects.create(
            card=card,
            plan=plan,
            best=plans[0],
            month=date(2026, 10, 1),
            months=3,
            minutes=9 * number,
            cost=10 * number,
            best_cost=number,
            saving_year=8 * number,
            advised_at=FRIDAY,
        )


def bills() -> None:
    """Of three months; one is too high, one is paid."""
    file = store(content=b"a\n", name="b.csv", purpose="bill", owner=PersonFactory(), now=FRIDAY)
    for month, facts in ((8, {"expected": 18}), (9, {"expected": 9}), (10, {"expected": 30})):
        statement = BillStatementFactory(file=file)
        BillFactory(statement=statement, account__cards=[CardFactory()], month=date(2026, month, 1), **facts)


def real_names() -> None:
    """Of a company and of a person, in order and not, held and lying."""
    company, person = RegistrantFactory(), RegistrantFactory(kind=RegistrantKind.PERSON)
    agent = AgentFactory()
    for facts in ({"registrant": company}, {"registrant": person, "actual_user": agent.user}, {"registrant": None}):
        hand_over(CardFactory(**facts), agent)
    CardFactory(registrant=person, team=PersonFactory().team, msisdn="+8613912345678")


def differences() -> None:
    """Of several kinds and amounts, one of no card of ours."""
    bills()
    for bill, kind, item, amount in zip(
        Bill.objects.order_by("pk"),
        ("rate", "quantity", "unknown_card"),
        ("calls", "data", ""),
        (3, 9, 27),
        strict=True,
    ):
        card = None if kind == "unknown_card" else CardFactory()
        BillDifference.objects.create(bill=bill, card=card, kind=kind, item=item, billed=30, amount=amount)


def disputes() -> None:
    """With three carriers, answered by different days."""
    for number in (1, 2, 3):
        DisputeFactory(due_on=TODAY + timedelta(days=10 * number), amount=number)


def cards() -> None:
    """Stopped and in service, held and in stock, with risk, tag and dates or without."""
    held = CardFactory(msisdn="+8613912345678", expires_on=TODAY + timedelta(days=9), activated_on=TODAY)
    hand_over(held, AgentFactory(user__staff_no="A-7"))
    RiskAssessment.objects.create(card=held, score=80, band="high", assessed_at=FRIDAY)
    stopped = CardFactory(service_state=ServiceState.FULL_STOP, stop_reason=StopReason.ARREARS, plan=None)
    stopped.tags.add(TagFactory())
    RiskAssessment.objects.create(card=stopped, score=20, band="low", assessed_at=FRIDAY)
    AlertFactory(card=stopped, kind="arrears")
    CardFactory(custody_state=CustodyState.SPARE, team=PersonFactory().team, purpose=Purpose.SERVICE)
    CardFactory(real_name_state=RealNameState.UNKNOWN, expires_on=TODAY + timedelta(days=900))


def cases() -> None:
    """Open and ended, of two kinds, with a person and without."""
    CaseFactory(card=CardFactory(msisdn="+8613912345678", team=PersonFactory().team))
    late = CaseFactory(kind="fault", reason="card_fault", now=FRIDAY - timedelta(days=40))
    late.assignee = PersonFactory()
    late.save()
    ended = CaseFactory(now=FRIDAY - timedelta(days=80))
    ended.closed_at, ended.outcome = FRIDAY, "withdrawn"
    ended.save()


def payments() -> None:
    """Of three days and amounts."""
    for number in (1, 2, 3):
        PaymentBatch.objects.create(
            reference=f"P-{number}",
            count=1,
            amount=10 * number,
            paid_by=PersonFactory(role=Role.FINANCE),
            paid_at=FRIDAY - timedelta(days=20 * number),
        )


def claims() -> None:
    """Of three people; one was refused."""
    for _each in range(3):
        claim = sent(*claimant())
    claim.state, claim.reason, claim.decided_by, claim.decided_at = "refused", "x", PersonFactory(), FRIDAY
    claim.save()


def leavers() -> None:
    """One who gave notice, one who left."""
    LeavingFactory(leaves_on=TODAY + timedelta(days=20))
    LeavingFactory(leaves_on=TODAY - timedelta(days=1), left_at=FRIDAY)
    LeavingFactory(agent__user__name="Li Na", agent__user__staff_no="B-2")


def ledger() -> None:
    """Top-ups and charges of two accounts and months."""
    for days in (1, 50):
        card, now = CardFactory(), FRIDAY - timedelta(days=days)
        top_up(account=AccountFactory(cards=[card]), card=card, amount=Decimal(5 + days), actor=None, now=now)
    charge(account=Account.objects.latest("pk"), card=None, amount=Decimal(3), actor=None, now=FRIDAY)


def top_ups() -> None:
    """Of three days and amounts; one with a warning."""
    warned = {"risk": "discount", "risk_reason": "x"}
    for number, facts in enumerate(({}, warned, {}), start=1):
        card = CardFactory(msisdn=f"+861391234567{number}")
        asked = {
            "asked_by": PersonFactory(),
            "asked_at": FRIDAY - timedelta(days=10 * number),
            "amount": 8 * number,
            **facts,
        }
        TopUpRequestFactory(account=AccountFactory(cards=[card]), card=card, **asked)


def usage() -> None:
    """Calls of one card: in and out, short and long, by two sources."""
    ensure_partitions(date(2026, 8, 1), TODAY)
    card = CardFactory(msisdn="+8613912345678")
    for number, direction in ((1, "out"), (2, "in"), (3, "out")):
        source = UsageSourceFactory()
        UsageRecord.objects.create(
            card=card,
            started_at=FRIDAY - timedelta(days=20 * number),
            uid=uuid4(),
            source=source,
            msisdn=card.msisdn,
            direction=direction,
            fee=number,
            batch=UsageBatch.objects.create(source=source, created_at=FRIDAY),
            counterpart="+8613800000000",
            duration_s=60 * number,
            answered=True,
            agent=AgentFactory() if number == 1 else None,
        )


# A list by its code: what makes some rows of it.
SOME: dict[str, Callable[[], None]] = {
    "agents": agents,
    "alerts": alerts,
    "assignments": assignments,
    "balance_gaps": gaps,
    "best-plans": best_plans,
    "bill_differences": differences,
    "bills": bills,
    "cards": cards,
    "cases": cases,
    "claims": claims,
    "disputes": disputes,
    "leavers": leavers,
    "ledger": ledger,
    "payments": payments,
    "real-name": real_names,
    "top-ups": top_ups,
    "usage": usage,
}
# What a page is to be asked for to leave nothing out; the API leaves nothing out by itself.
WHOLE: dict[str, Callable[[], dict[str, Any]]] = {
    "alerts": lambda: {"state": AlertState.values, "resting": []},
    "cases": lambda: {"column": CaseColumn.values},
    "leavers": lambda: {"state": LeavingState.values},
    "usage": lambda: {"card": [Card.objects.get().pk], "started_after": ["2026-01-01T00:00:00+08:00"]},
}
