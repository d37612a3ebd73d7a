"""One person of each role, and one of every thing that an address names."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from agents.models import Acknowledgement, Course, LeavingTask, PolicyVersion
from billing.choices import SourceRole
from billing.models import PaymentBatch, RetentionRule, UsageBatch
from billing.services.ledger import top_up
from cardfleet.accounts.choices import Role
from cardfleet.files.services import store
from cardfleet.jobs.services import start_job
from cardfleet.notify.models import InboxItem
from lifecycle.models import ConnectionRun, Law, NumberReviewPlan
from tests.factories.accounts import (
    DelegationFactory,
    PersonFactory,
    ServiceAccountFactory,
    TeamFactory,
    session_of,
    token_of,
)
from tests.factories.agents import (
    AbsenceFactory,
    AgentFactory,
    AppraisalFactory,
    CalleeListingFactory,
    CallPlanFactory,
    CardConfirmationFactory,
    CardRequestFactory,
    HandoverFactory,
    LeavingFactory,
    ReservationFactory,
    RewardFactory,
    ScriptVersionFactory,
    TrainingPlanFactory,
    TrainingRecordFactory,
    hand_over,
)
from tests.factories.billing import (
    AccountFactory,
    BillFactory,
    BudgetFactory,
    DisputeFactory,
    TopUpRequestFactory,
    UsageAttributionFactory,
    UsageSourceFactory,
    some_transfer,
)
from tests.factories.cards import (
    CardFactory,
    CarrierRuleFactory,
    ContractFactory,
    DeviceFactory,
    IdCheckFactory,
    RatePlanFactory,
    RegistrantFactory,
    SanctionFactory,
    TagFactory,
    id_copy_of,
)
from tests.factories.cases import CaseFactory
from tests.factories.claims import claimant, sent
from tests.factories.connections import ConnectionFactory
from tests.factories.desk import ArticleFactory, AuditFactory, EvidencePackFactory, MatterFactory
from tests.factories.lifecycle import (
    AlertFactory,
    CarrierNoticeFactory,
    ComplaintFactory,
    CustomerProblemFactory,
    NumberMarkFactory,
    QualityCheckFactory,
    ReverificationFactory,
)
from tests.factories.lists import SavedViewFactory, ScheduledReportFactory
from tests.factories.notices import ForwardingFactory, NumberNoticeFactory
from tests.factories.notify import ChannelFactory, MessageFactory
from tests.factories.stock import LocationFactory, PurchaseOrderFactory, StockTakeFactory, SupplierFactory
from tests.factories.webhooks import delivery_of


@pytest.fixture
def people() -> dict[str, Any]:
    """One person a role; those in scope of the dataset's team and those of another."""
    team, other = TeamFactory(), TeamFactory()
    return {
        "admin": PersonFactory(role=Role.ADMIN),
        "supervisor": PersonFactory(role=Role.SUPERVISOR, scope=team, team=team),
        "other_supervisor": PersonFactory(role=Role.SUPERVISOR, scope=other, team=other),
        "finance": PersonFactory(role=Role.FINANCE),
        "compliance": PersonFactory(role=Role.COMPLIANCE),
        "agent": AgentFactory(user__team=team, user__role=Role.AGENT).user,
        "other_agent": AgentFactory(user__team=other, user__role=Role.AGENT).user,
    }


@pytest.fixture
def things(people: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What fills the addresses: all of the dataset's team."""
    supervisor, holder = people["supervisor"], people["agent"]
    card = CardFactory(team=holder.team)
    job = start_job(kind="cards.import", owner=supervisor, params={"name": "cards.csv"}, now=now)
    file = store(content=b"a\n", name="r.csv", purpose="rejects", owner=supervisor, now=now, subject=job)
    source = UsageSourceFactory(role=SourceRole.CARRIER)
    receipt = HandoverFactory(agent=holder.agent)
    return {
        "card": card.pk,
        "account": (account := AccountFactory(cards=[card])).pk,
        "assignment": hand_over(card, holder.agent).pk,
        "receipt": receipt.pk,
        "act": receipt.act,
        "reservation": ReservationFactory(card=CardFactory(team=holder.team), agent=holder.agent).pk,
        "request": CardRequestFactory(agent=holder.agent).pk,
        "alert": AlertFactory(card=card).pk,
        "agent": holder.agent.pk,
        "person": holder.pk,
        "absence": AbsenceFactory(agent=holder.agent).pk,
        "training": TrainingRecordFactory(agent=holder.agent).pk,
        "course": Course.objects.get(code="anti-fraud").pk,
        "policy": (policy_version := PolicyVersion.objects.get()).policy_id,
        "policy_version": policy_version.pk,
        "acknowledgement": Acknowledgement.objects.create(
            version=policy_version, user=holder, at=now, signed_name=holder.name
        ).pk,
        "call_plan": CallPlanFactory(team=holder.team).pk,
        "script": (script_version := ScriptVersionFactory()).script_id,
        "script_version": script_version.pk,
        "reward": RewardFactory(agent=holder.agent).pk,
        "appraisal": AppraisalFactory(agent=holder.agent, signed_by=supervisor).pk,
        "plan_of_training": TrainingPlanFactory(team=holder.team).pk,
        "job": job.pk,
        "file": file.pk,
        "document": store(content=b"a\n", name="d.csv", purpose="card", owner=supervisor, now=now, subject=card).pk,
        "batch": UsageBatch.objects.create(source=source, file=file, job=job, created_at=now).pk,
        "bill": (bill := BillFactory(account=account, statement__file=file, statement__job=job)).pk,
        "statement": bill.statement_id,
        "dispute": DisputeFactory(account=account).pk,
        "transfer": (moved := some_transfer()).pk,
        "wallet": moved.legs.get(amount__lt=0).account_id,
        "case": (case := CaseFactory(card=card)).pk,
        "step": case.steps.get(code="fetch").pk,
        "attribution": UsageAttributionFactory(card=card).pk,
        "confirmation": CardConfirmationFactory(card=card, agent=holder.agent).pk,
        "entry": top_up(account=account, card=card, amount=Decimal(5), actor=None, now=now).pk,
        "budget": BudgetFactory(team=holder.team).pk,
        "top_up": TopUpRequestFactory(account=account, card=card, asked_by=holder).pk,
        "item": InboxItem.objects.create(
            user=supervisor, key="k", code="notify.test", params={"person": "x"}, created_at=now
        ).pk,
        "notice": CarrierNoticeFactory(carrier=card.carrier).pk,
        "own_channel": ChannelFactory(owner=supervisor).pk,
        "message": MessageFactory(state="failed").pk,
        "rule": CarrierRuleFactory().pk,
        "carrier": card.carrier.pk,
        "contract": ContractFactory().pk,
        "device": DeviceFactory(team=holder.team).pk,
        "plan": RatePlanFactory().pk,
        "review_plan": NumberReviewPlan.objects.create(industry="loans").pk,
        "registrant": (registrant := RegistrantFactory()).pk,
        "id_copy": id_copy_of(registrant).pk,
        "tag": TagFactory().pk,
        "connection": (connection := ConnectionFactory()).pk,
        "connection_run": ConnectionRun.objects.create(connection=connection, started_at=now).pk,
        "team": holder.team.pk,
        "token": token_of(holder).pk,
        "session": session_of(holder).pk,
        "service": ServiceAccountFactory(owner=supervisor).pk,
        "delegation": DelegationFactory(giver=supervisor, team=holder.team).pk,
        "listing": CalleeListingFactory().pk,
        "complaint": ComplaintFactory(card=card).pk,
        "mark": NumberMarkFactory(card=card).pk,
        "clock": ReverificationFactory(card=card).pk,
        "number_notice": (number_notice := NumberNoticeFactory(old_card=card)).pk,
        "forwarding": ForwardingFactory(notice=number_notice).pk,
        "place": LocationFactory().pk,
        "supplier": SupplierFactory().pk,
        "order": PurchaseOrderFactory().pk,
        "take": StockTakeFactory(team=holder.team).pk,
        "sanction": SanctionFactory(person=holder).pk,
        "id_check": IdCheckFactory(person=holder).pk,
        "leaving": (leaving := LeavingFactory(agent__user__team=holder.team)).pk,
        "leaving_task": LeavingTask.objects.create(leaving=leaving, kind="claims", due_on=leaving.leaves_on).pk,
        "view": (view := SavedViewFactory(owner=supervisor)).pk,
        "report": ScheduledReportFactory(view=view).pk,
        "matter": MatterFactory().pk,
        "law": Law.objects.first().pk,
        "retention": RetentionRule.objects.first().pk,
        "audit": AuditFactory().pk,
        "article": ArticleFactory().pk,
        "pack": EvidencePackFactory(card=card, asked_by=people["compliance"]).pk,
        "claim": (claim := sent(*claimant(holder.agent))).pk,
        "claim_line": claim.lines.get().pk,
        "payment": PaymentBatch.objects.create(
            reference="P-1", count=1, amount=1, paid_by=people["finance"], paid_at=now
        ).pk,
        "problem": CustomerProblemFactory(agent=holder.agent).pk,
        "quality_check": QualityCheckFactory(agent=holder.agent).pk,
        "webhook": (webhook_event := delivery_of()).webhook_id,
        "webhook_event": webhook_event.pk,
    }
