"""What makes one thing more of every list of the API, or why its rows are told elsewhere."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from agents.models import Course, Policy, Target
from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job
from cards.models import CardNote
from cards.services.inspections import inspect_card
from lifecycle.models import NumberReviewPlan
from tests.conftest import FRIDAY
from tests.factories.accounts import DelegationFactory, PersonFactory, ServiceAccountFactory, TeamFactory
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
    BudgetFactory,
    DisputeFactory,
    TopUpRequestFactory,
    UsageAttributionFactory,
    some_transfer,
)
from tests.factories.cards import (
    CardFactory,
    CarrierFactory,
    CarrierRuleFactory,
    ContractFactory,
    DeviceFactory,
    IdCheckFactory,
    RatePlanFactory,
    RegistrantFactory,
    SanctionFactory,
    TagFactory,
)
from tests.factories.cases import CaseFactory
from tests.factories.claims import claimant, sent
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
from tests.factories.notify import MessageFactory
from tests.factories.stock import LocationFactory, PurchaseOrderFactory, StockTakeFactory, SupplierFactory
from tests.factories.webhooks import delivery_of, webhook_of

# A list: what makes one thing more of it.
ONE_MORE: dict[str, Callable[[], Any]] = {
    "api:absence-list": AbsenceFactory,
    "api:agent-list": AgentFactory,
    "api:alert-list": AlertFactory,
    "api:appraisal-list": lambda: AppraisalFactory(agent=AgentFactory(), signed_by=PersonFactory()),
    "api:assignment-list": lambda: hand_over(CardFactory(), AgentFactory()),
    "api:article-list": ArticleFactory,
    "api:audit-list": AuditFactory,
    "api:balance-list": lambda: AccountFactory(cards=[CardFactory()]),
    "api:budget-list": lambda: BudgetFactory(team=TeamFactory()),
    "api:callee-list": CalleeListingFactory,
    "api:callplan-list": lambda: CallPlanFactory(team=TeamFactory()),
    "api:card-list": CardFactory,
    "api:cardconfirmation-list": CardConfirmationFactory,
    "api:cardnote-list": lambda: CardNote.objects.create(
        card=CardFactory(), text="x", author=PersonFactory(), at=FRIDAY
    ),
    "api:cardrequest-list": CardRequestFactory,
    "api:carrier-list": CarrierFactory,
    "api:carriernotice-list": CarrierNoticeFactory,
    "api:carrierrule-list": CarrierRuleFactory,
    "api:case-list": CaseFactory,
    "api:claim-list": lambda: sent(*claimant()),
    "api:complaint-list": ComplaintFactory,
    "api:contract-list": ContractFactory,
    "api:course-list": lambda: Course.objects.create(code=f"c{Course.objects.count()}", title="x"),
    "api:customerproblem-list": lambda: CustomerProblemFactory(agent=AgentFactory()),
    "api:delegation-list": DelegationFactory,
    "api:device-list": DeviceFactory,
    "api:dispute-list": DisputeFactory,
    "api:evidencepack-list": lambda: EvidencePackFactory(
        card=CardFactory(), asked_by=PersonFactory(role=Role.COMPLIANCE)
    ),
    "api:forwarding-list": ForwardingFactory,
    "api:handover-list": lambda: HandoverFactory(agent=AgentFactory()),
    "api:idcheck-list": lambda: IdCheckFactory(person=PersonFactory()),
    "api:inspection-list": lambda: inspect_card(
        card_id=CardFactory().pk, condition="good", actor=PersonFactory(), now=FRIDAY
    ),
    "api:job-list": lambda: Job.objects.create(kind="x", created_at=FRIDAY),
    "api:leaving-list": LeavingFactory,
    "api:location-list": LocationFactory,
    "api:matter-list": MatterFactory,
    "api:webhook-list": webhook_of,
    "api:webhook-delivery-list": delivery_of,
    "api:numbermark-list": NumberMarkFactory,
    "api:numbernotice-list": NumberNoticeFactory,
    "api:numberreviewplan-list": lambda: NumberReviewPlan.objects.create(industry=f"i{timezone.now()}"),
    "api:qualitycheck-list": lambda: QualityCheckFactory(agent=AgentFactory()),
    "api:rateplan-list": RatePlanFactory,
    "api:realname-list": CardFactory,
    "api:registrant-list": RegistrantFactory,
    "api:reservation-list": lambda: ReservationFactory(card=CardFactory(), agent=AgentFactory()),
    "api:reverification-list": ReverificationFactory,
    "api:reward-list": lambda: RewardFactory(agent=AgentFactory()),
    "api:message-list": MessageFactory,
    "api:person-list": PersonFactory,
    "api:policy-list": lambda: Policy.objects.create(code=f"p{Policy.objects.count()}", title="x"),
    "api:purchaseorder-list": PurchaseOrderFactory,
    "api:sanction-list": lambda: SanctionFactory(person=PersonFactory()),
    "api:script-list": lambda: ScriptVersionFactory().script,
    "api:standing-list": AgentFactory,
    "api:scheduledreport-list": lambda: ScheduledReportFactory(view=SavedViewFactory(owner=PersonFactory())),
    "api:service-account-list": lambda: ServiceAccountFactory(owner=PersonFactory()),
    "api:stocktake-list": StockTakeFactory,
    "api:supplier-list": SupplierFactory,
    "api:tag-list": TagFactory,
    "api:team-list": TeamFactory,
    "api:target-list": lambda: Target.objects.create(
        month=FRIDAY.date().replace(day=1), metric="calls", team=TeamFactory(), value=1, set_at=FRIDAY
    ),
    "api:topuprequest-list": TopUpRequestFactory,
    "api:trainingplan-list": TrainingPlanFactory,
    "api:trainingrecord-list": TrainingRecordFactory,
    "api:transfer-list": some_transfer,
    "api:usageattribution-list": UsageAttributionFactory,
}
# Held to everything but its rows being walked and counted, and why: what makes such a row is a chain of its own.
TOLD_ELSEWHERE = {
    "api:acknowledgement-list": "a signature comes of a published policy: tests/agents/test_learning.py",
    "api:balancegap-list": "an account's balance against its readings: tests/billing/test_balance_gaps.py",
    "api:balancereading-list": "a reading comes of a carrier's file: tests/billing/test_readings.py",
    "api:bill-list": "a bill comes of a statement's file: tests/billing/test_bills.py",
    "api:billstatement-list": "a statement is a file of bills: tests/billing/test_bills_api.py",
    "api:billdifference-list": "a difference comes of a checked bill: tests/billing/test_differences.py",
    "api:bundleuse-list": "posted by month and card: tests/billing/test_bundle_use.py",
    "api:cardswitch-list": "a switch comes of a card that stands still: tests/cases/test_api_swaps.py",
    "api:channel-list": "the channels of the person who asks: tests/notify/test_api.py",
    "api:inboxitem-list": "the inbox of the person who asks: tests/notify/test_api.py",
    "api:connection-list": "a connector's settings: tests/connections/test_settings.py",
    "api:connectionrun-list": "a run of a connector: tests/connections/test_states.py",
    "api:document-list": "a document comes of a file: tests/files/test_files.py",
    "api:directoryentry-list": "reference data: tests/desk/test_desk_api.py",
    "api:law-list": "reference data: tests/desk/test_desk_api.py",
    "api:ledgerentry-list": "an entry is posted: tests/billing/test_ledger.py",
    "api:paymentbatch-list": "a batch pays approved claims: tests/billing/test_claims_api.py",
    "api:planadvice-list": "reckoned of months of calls: tests/billing/test_best_plans.py",
    "api:savedview-list": "the views of the person who asks: tests/lists/test_api.py",
    "api:token-list": "the tokens of the person who asks: tests/accounts/test_tokens.py",
    "api:usagebatch-list": "a batch comes of a file: tests/billing/test_usage_import.py",
    "api:usagerecord-list": "calls come of a batch: tests/billing/test_api.py",
    "api:usagesignal-list": "a signal comes of the live feed: tests/billing/test_feed.py",
    "api:wallet-list": "a wallet is of a registrant and a carrier: tests/billing/test_money_api.py",
}
# No pages of things, and why.
OTHERWISE = {
    "api:event-list": "a feed goes on from an id: tests/journal",
    "api:retentionrule-list": "one answer, of all there are: tests/lifecycle/test_reports_api.py",
    "api:wishes-list": "one answer, of the person who asks: tests/notify/test_api.py",
    "api:ownrequest-list": "one's own latest alone: tests/lifecycle/test_own_api.py",
    "api:month-list": "one answer, of months and what stands against closing: tests/billing/test_money_api.py",
}
