"""The composition root of `/api/v1/`: every resource is registered here."""

from django.urls import URLPattern, URLResolver, include, path

from agents.api.absences import AbsenceViewSet
from agents.api.agents import AgentViewSet
from agents.api.callees import CalleeViewSet
from agents.api.confirmations import ConfirmationViewSet
from agents.api.courses import CourseViewSet, PolicyViewSet
from agents.api.plans import TrainingPlanViewSet
from agents.api.requests import CardRequestViewSet
from agents.api.scripts import ScriptViewSet
from agents.api.stocktakes import TakeViewSet
from agents.api.targets import CallPlanViewSet, TargetViewSet
from agents.api.training import AcknowledgementViewSet, RecordViewSet, StandingViewSet
from billing.api.accounts import AccountViewSet
from billing.api.attributions import AttributionViewSet
from billing.api.bills import BillViewSet, DifferenceViewSet
from billing.api.budgets import BudgetViewSet
from billing.api.bundles import BundleUseViewSet
from billing.api.card_costs import AdviceViewSet, CardCostViewSet
from billing.api.charges import MyChargesView
from billing.api.claims import ClaimViewSet
from billing.api.costs import CostsView, CostTrendView
from billing.api.gaps import BalanceGapViewSet
from billing.api.imports import BatchViewSet
from billing.api.missed import MissedView, SettleMissedView
from billing.api.money import BalanceViewSet, LedgerViewSet
from billing.api.months import MonthViewSet
from billing.api.payments import PaymentViewSet
from billing.api.rejects import RejectsView
from billing.api.signals import SignalViewSet
from billing.api.statements import StatementViewSet
from billing.api.top_ups import TopUpViewSet
from billing.api.transfers import TransferViewSet, WalletViewSet
from billing.api.usage import UsageViewSet
from billing.api.vouchers import VoucherView
from billing.api.waste import WasteView
from cardfleet.accounts.api.delegations import DelegationViewSet
from cardfleet.accounts.api.people import PersonViewSet
from cardfleet.accounts.api.service_accounts import ServiceAccountViewSet
from cardfleet.accounts.api.teams import TeamViewSet
from cardfleet.accounts.api.tokens import TokenView, TokenViewSet
from cardfleet.files.api.files import ContentView
from cardfleet.jobs.api.jobs import JobDoneView, JobRowsView, JobViewSet
from cardfleet.jobs.api.routing import Router
from cardfleet.jobs.api.writes import WritesView
from cardfleet.journal.api.events import EventViewSet
from cardfleet.kernel.api.shaping import offer
from cardfleet.lists.api.reports import ReportViewSet
from cardfleet.lists.api.views import SavedViewViewSet
from cardfleet.notify.api.inbox import ChannelViewSet, InboxViewSet, MessageViewSet
from cardfleet.notify.api.wishes import WishesViewSet
from cardfleet.webhooks.api.webhooks import DeliveryViewSet, WebhookViewSet
from cards.api.carriers import CarrierViewSet
from cards.api.contracts import ContractViewSet
from cards.api.inspections import InspectionViewSet
from cards.api.locations import LocationViewSet
from cards.api.notes import NoteViewSet
from cards.api.plans import PlanViewSet
from cards.api.purchases import PurchaseViewSet
from cards.api.registrants import RegistrantViewSet
from cards.api.suppliers import SupplierViewSet
from cards.api.tags import TagViewSet
from lifecycle.api.acts import ActViewSet
from lifecycle.api.alerts import AlertViewSet
from lifecycle.api.answers import CertificateView, WhyView
from lifecycle.api.appraisals import AppraisalViewSet, RewardViewSet
from lifecycle.api.assignments import HandoutViewSet
from lifecycle.api.audits import AuditViewSet
from lifecycle.api.board import BoardCostView, BoardHoursView, BoardView, BoardWaitingView
from lifecycle.api.bulk import BulkView
from lifecycle.api.cards import CardViewSet
from lifecycle.api.carrier_rules import RuleViewSet
from lifecycle.api.cases import CaseViewSet
from lifecycle.api.checked_calls import QualityCheckViewSet
from lifecycle.api.conduct import ComplaintViewSet, MarkViewSet
from lifecycle.api.connections import ConnectionRunViewSet, ConnectionViewSet
from lifecycle.api.devices import DeviceViewSet
from lifecycle.api.disputes import ComplainViewSet
from lifecycle.api.documents import DocumentViewSet
from lifecycle.api.downtime import DowntimeView
from lifecycle.api.figures import CardSwitchViewSet, CaseFiguresView, DataQualityReport, RiskView, StandbyReport
from lifecycle.api.knowledge import ArticleViewSet, DirectoryViewSet, LawViewSet
from lifecycle.api.leavers import LeaverViewSet
from lifecycle.api.matters import MatterViewSet
from lifecycle.api.my_data import OwnRequestViewSet
from lifecycle.api.notices import CarrierNoticeViewSet
from lifecycle.api.number_notices import ForwardingViewSet, NumberNoticeViewSet
from lifecycle.api.packs import PackViewSet
from lifecycle.api.performance import MyMonthView, PerformanceReport
from lifecycle.api.problems import ProblemViewSet
from lifecycle.api.purposes import PurposesReport
from lifecycle.api.readings import ReadingViewSet
from lifecycle.api.real_name import IdCheckViewSet, SanctionViewSet
from lifecycle.api.real_name_matrix import RealNameViewSet
from lifecycle.api.reservations import ReservationViewSet
from lifecycle.api.retention import RetentionViewSet
from lifecycle.api.reverifications import ReverificationViewSet
from lifecycle.api.review_plans import ReviewPlanViewSet
from lifecycle.api.scores import CarriersReport

router = Router()
router.register("absences", AbsenceViewSet)
router.register("accounts", AccountViewSet)
router.register("acknowledgements", AcknowledgementViewSet)
router.register("agents", AgentViewSet)
router.register("alerts", AlertViewSet)
router.register("appraisals", AppraisalViewSet)
router.register("articles", ArticleViewSet)
router.register("assignments", HandoutViewSet)
router.register("balances/readings", ReadingViewSet)
router.register("balances/unexplained", BalanceGapViewSet)
router.register("balances", BalanceViewSet, basename="balance")
router.register("bills/differences", DifferenceViewSet)
router.register("bills/disputes", ComplainViewSet)
router.register("bills/statements", StatementViewSet)
router.register("bills", BillViewSet)
router.register("carrier-notices", CarrierNoticeViewSet)
router.register("carrier-rules", RuleViewSet)
router.register("callees", CalleeViewSet, basename="callee")
router.register("call-plans", CallPlanViewSet)
router.register("card-costs", CardCostViewSet, basename="card-cost")
router.register("card-requests", CardRequestViewSet)
router.register("card-switches", CardSwitchViewSet)
router.register("cards", CardViewSet)
router.register("carriers", CarrierViewSet)
router.register("cases", CaseViewSet)
router.register("claims/payments", PaymentViewSet)
router.register("claims", ClaimViewSet)
router.register("compliance/audits", AuditViewSet)
router.register("compliance/matters", MatterViewSet)
router.register("compliance/retention", RetentionViewSet)
router.register("complaints", ComplaintViewSet)
router.register("confirmations", ConfirmationViewSet)
router.register("connections/runs", ConnectionRunViewSet)
router.register("connections", ConnectionViewSet)
router.register("contacts", DirectoryViewSet)
router.register("contracts", ContractViewSet)
router.register("courses", CourseViewSet)
router.register("customer-problems", ProblemViewSet)
router.register("delegations", DelegationViewSet)
router.register("documents", DocumentViewSet, basename="document")
router.register("devices", DeviceViewSet)
router.register("events", EventViewSet, basename="event")
router.register("evidence-packs", PackViewSet)
router.register("forwardings", ForwardingViewSet)
router.register("handovers", ActViewSet)
router.register("id-checks", IdCheckViewSet)
router.register("inbox", InboxViewSet)
router.register("inspections", InspectionViewSet)
router.register("jobs", JobViewSet)
router.register("laws", LawViewSet)
router.register("leavings", LeaverViewSet)
router.register("ledger", LedgerViewSet)
router.register("months", MonthViewSet, basename="month")
router.register("my/data-requests", OwnRequestViewSet, basename="ownrequest")
router.register("notes", NoteViewSet)
router.register("number-marks", MarkViewSet)
router.register("number-notices", NumberNoticeViewSet)
router.register("number-reviews", ReviewPlanViewSet)
router.register("notifications/channels", ChannelViewSet)
router.register("notifications/messages", MessageViewSet)
router.register("notifications/wishes", WishesViewSet, basename="wishes")
router.register("people", PersonViewSet, basename="person")
router.register("places", LocationViewSet)
router.register("plan-advice", AdviceViewSet)
router.register("plans", PlanViewSet)
router.register("quality-checks", QualityCheckViewSet)
router.register("real-name", RealNameViewSet, basename="realname")
router.register("registrants", RegistrantViewSet)
router.register("budgets", BudgetViewSet)
router.register("reservations", ReservationViewSet)
router.register("reverifications", ReverificationViewSet)
router.register("rewards", RewardViewSet)
router.register("policies", PolicyViewSet)
router.register("purchases", PurchaseViewSet)
router.register("sanctions", SanctionViewSet)
router.register("scheduled-reports", ReportViewSet)
router.register("scripts", ScriptViewSet)
router.register("service-accounts", ServiceAccountViewSet, basename="service-account")
router.register("stock-takes", TakeViewSet)
router.register("suppliers", SupplierViewSet)
router.register("tags", TagViewSet)
router.register("targets", TargetViewSet)
router.register("teams", TeamViewSet)
router.register("tokens", TokenViewSet, basename="token")
router.register("top-ups", TopUpViewSet)
router.register("training/plans", TrainingPlanViewSet)
router.register("training/records", RecordViewSet)
router.register("training/standings", StandingViewSet, basename="standing")
router.register("transfers", TransferViewSet)
router.register("usage/attributions", AttributionViewSet)
router.register("usage/bundles", BundleUseViewSet)
router.register("usage/imports", BatchViewSet)
router.register("usage/signals", SignalViewSet)
router.register("usage", UsageViewSet)
router.register("views", SavedViewViewSet)
router.register("webhooks/deliveries", DeliveryViewSet, basename="webhook-delivery")
router.register("webhooks", WebhookViewSet)
router.register("wallets", WalletViewSet, basename="wallet")

offer(
    agent=AgentViewSet,
    assignment=HandoutViewSet,
    bill=BillViewSet,
    card=CardViewSet,
    carrier=CarrierViewSet,
    case=CaseViewSet,
    contract=ContractViewSet,
    holder=AgentViewSet,
    job=JobViewSet,
    matter=MatterViewSet,
    plan=PlanViewSet,
    rule=RuleViewSet,
    team=TeamViewSet,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("auth/token/", TokenView.as_view(), name="auth-token"),
    path("board/", BoardView.as_view(), name="board"),
    path("board/costs/", BoardCostView.as_view(), name="board-costs"),
    path("board/hours/", BoardHoursView.as_view(), name="board-hours"),
    path("board/waiting/", BoardWaitingView.as_view(), name="board-waiting"),
    path("cards/bulk/", BulkView.as_view(), name="card-bulk"),
    path("files/<uuid:pk>/content/", ContentView.as_view(), name="file-content"),
    path("certificates/<str:token>/", CertificateView.as_view(), name="certificate"),
    path("jobs/<int:pk>/done/", JobDoneView.as_view(), name="job-done"),
    path("jobs/<int:pk>/rows/", JobRowsView.as_view(), name="job-rows"),
    path("reports/carriers/", CarriersReport.as_view(), name="carriers"),
    path("reports/cases/", CaseFiguresView.as_view(), name="case-figures"),
    path("reports/costs/", CostsView.as_view(), name="costs"),
    path("reports/costs/trend/", CostTrendView.as_view(), name="costs-trend"),
    path("reports/voucher/", VoucherView.as_view(), name="voucher"),
    path("reports/waste/", WasteView.as_view(), name="waste"),
    path("reports/data-quality/", DataQualityReport.as_view(), name="data-quality"),
    path("reports/downtime/", DowntimeView.as_view(), name="downtime"),
    path("reports/performance/", PerformanceReport.as_view(), name="performance"),
    path("reports/performance/mine/", MyMonthView.as_view(), name="my-performance"),
    path("reports/purposes/", PurposesReport.as_view(), name="purposes"),
    path("reports/risk/", RiskView.as_view(), name="risk"),
    path("reports/standby/", StandbyReport.as_view(), name="standby"),
    path("usage/charges/", MyChargesView.as_view(), name="usage-charges"),
    path("usage/missed/", MissedView.as_view(), name="usage-missed"),
    path("usage/missed/settle/", SettleMissedView.as_view(), name="usage-missed-settle"),
    path("usage/imports/<int:pk>/rejects/", RejectsView.as_view(), name="usage-rejects"),
    path("why/", WhyView.as_view(), name="why"),
    path("writes/", WritesView.as_view(), name="writes"),
    path("", include(router.urls)),
]
