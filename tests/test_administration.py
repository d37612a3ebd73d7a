"""Who may do what with a row in the administration, page by page: the companion of test_permissions (invariant 10)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from agents.models import LeavingPolicy
from billing.choices import ReadingSource
from billing.models import (
    BalanceReading,
    BillProfile,
    ClaimPolicy,
    FeedMapping,
    RetentionRule,
    TopUpLevel,
    TransferRule,
    UsageBatch,
    VatRate,
    VoucherCentre,
    VoucherColumn,
    VoucherMapping,
)
from billing.services.ledger import top_up
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import ScopeGrant
from cardfleet.journal.models import Entry
from cardfleet.journal.recording import record
from cardfleet.notify.models import Delivery
from cards.choices import Condition, CustodyState, Severity
from cards.models import Inspection, InspectionPlan, Receipt
from lifecycle.choices import AlertKind
from lifecycle.models import (
    CalendarDay,
    Checklist,
    ConnectionRun,
    DirectoryEntry,
    EscalationStep,
    Finding,
    Law,
    NoticeText,
    NumberReviewPlan,
    Playbook,
    Reminder,
    RiskAssessment,
    SuspensionPolicy,
)
from tests.admin_routes import ADMIN
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory, sign_in_freshly
from tests.factories.agents import (
    AbsenceFactory,
    AgentFactory,
    CardRequestFactory,
    CourseFactory,
    HandoverFactory,
    PolicyFactory,
    ReservationFactory,
    TrainingRecordFactory,
    hand_over,
)
from tests.factories.billing import AccountFactory, UsageAliasFactory, UsageSourceFactory, VoiceLineFactory
from tests.factories.cards import (
    CardFactory,
    CarrierFactory,
    CarrierRuleFactory,
    ContractFactory,
    DeviceFactory,
    RatePlanFactory,
    RegistrantFactory,
    TagFactory,
)
from tests.factories.connections import ConnectionFactory
from tests.factories.desk import ImpactAssessmentFactory
from tests.factories.lifecycle import AlertFactory, ComplaintFactory
from tests.factories.lists import SavedViewFactory, ScheduledReportFactory
from tests.factories.notices import StandbyShareFactory
from tests.factories.notify import ChannelFactory, MessageFactory
from tests.factories.stock import (
    LocationFactory,
    PurchaseLineFactory,
    PurchaseOrderFactory,
    StockTakeFactory,
    SupplierFactory,
)
from tests.factories.webhooks import delivery_of, webhook_of
from tests.test_permissions import STAFF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def reading() -> BalanceReading:
    """A balance a carrier told."""
    return BalanceReading.objects.create(
        account=AccountFactory(), read_at=FRIDAY, balance=5, source=ReadingSource.FILE, recorded_at=FRIDAY
    )


def change() -> Any:
    """A change of a card's custody: it was handed out."""
    card = CardFactory()
    hand_over(card, AgentFactory())
    return apps.get_model("cards", "CardChange").objects.filter(card=card).latest("pk")


def finding() -> Finding:
    """A card over a limit."""
    return Finding.objects.create(
        card=CardFactory(), rule=CarrierRuleFactory(), kind="calls_day", day=FRIDAY.date(), severity=Severity.WARN,
        value=5, code="calls_day", seen_at=FRIDAY,
    )  # fmt: skip


def receipt() -> Receipt:
    """A card that came with an order."""
    return Receipt.objects.create(card=CardFactory(), line=PurchaseLineFactory(), received_at=FRIDAY)


def entry() -> Entry:
    """Something that was done."""
    return record(action="cards.card_imported", subject=CardFactory(), actor=None, now=FRIDAY)


ROWS: dict[str, Callable[[], Any]] = {
    "journal_entry": entry,
    "accounts_team": TeamFactory,
    "accounts_user": lambda: PersonFactory(role=Role.AGENT),
    "accounts_scopegrant": lambda: ScopeGrant.objects.create(user=PersonFactory(), team=TeamFactory()),
    "notify_channel": ChannelFactory,
    "notify_message": MessageFactory,
    "notify_delivery": lambda: Delivery.objects.create(message=MessageFactory(), at=FRIDAY, ok=True),
    "webhooks_webhook": webhook_of,
    "webhooks_delivery": delivery_of,
    "cards_card": CardFactory,
    "cards_cardchange": change,
    "cards_carrier": CarrierFactory,
    "cards_carrierrule": CarrierRuleFactory,
    "cards_contract": ContractFactory,
    "cards_inspectionplan": InspectionPlan.objects.first,
    "cards_location": LocationFactory,
    "cards_supplier": SupplierFactory,
    "cards_device": DeviceFactory,
    "cards_rateplan": RatePlanFactory,
    "cards_registrant": RegistrantFactory,
    "cards_tag": TagFactory,
    "cards_purchaseorder": PurchaseOrderFactory,
    "cards_receipt": receipt,
    "cards_inspection": lambda: Inspection.objects.create(
        card=CardFactory(), at=FRIDAY, custody_state=CustodyState.SPARE, condition=Condition.GOOD
    ),
    "agents_course": CourseFactory,
    "agents_policy": PolicyFactory,
    "agents_agent": AgentFactory,
    "agents_absence": AbsenceFactory,
    "agents_trainingrecord": TrainingRecordFactory,
    "agents_assignment": lambda: hand_over(CardFactory(), AgentFactory()),
    "agents_handover": HandoverFactory,
    "agents_cardrequest": CardRequestFactory,
    "agents_reservation": lambda: ReservationFactory(team=None),
    "agents_stocktake": StockTakeFactory,
    "lists_savedview": lambda: SavedViewFactory(owner=PersonFactory()),
    "lists_scheduledreport": lambda: ScheduledReportFactory(view=SavedViewFactory(owner=PersonFactory())),
    "billing_claimpolicy": ClaimPolicy.objects.first,
    "billing_usagesource": UsageSourceFactory,
    "billing_voiceline": VoiceLineFactory,
    "billing_usagealias": lambda: UsageAliasFactory(card=CardFactory()),
    "billing_account": AccountFactory,
    "billing_ledgerentry": lambda: top_up(account=AccountFactory(), amount=5, actor=None, now=FRIDAY),
    "billing_balancereading": reading,
    "billing_feedmapping": FeedMapping.objects.first,
    "billing_retentionrule": RetentionRule.objects.first,
    "billing_topuplevel": TopUpLevel.objects.first,
    "billing_transferrule": lambda: TransferRule.objects.create(carrier=CarrierFactory()),
    "billing_billprofile": lambda: BillProfile.objects.create(
        carrier=CarrierFactory(), signature="a", header=["号码", "话费"], columns={"1": "voice"}, changed_at=FRIDAY
    ),
    "billing_vatrate": VatRate.objects.first,
    "billing_vouchermapping": VoucherMapping.objects.first,
    "billing_vouchercentre": lambda: VoucherCentre.objects.create(team=TeamFactory(), code="C1"),
    "billing_vouchercolumn": VoucherColumn.objects.first,
    "billing_usagebatch": lambda: UsageBatch.objects.create(source=UsageSourceFactory(), created_at=FRIDAY),
    "lifecycle_alert": AlertFactory,
    "lifecycle_escalationstep": EscalationStep.objects.first,
    "lifecycle_numberreviewplan": NumberReviewPlan.objects.first,
    "lifecycle_playbook": Playbook.objects.first,
    "lifecycle_finding": finding,
    "lifecycle_riskassessment": lambda: RiskAssessment.objects.create(
        card=CardFactory(), score=5, band="low", assessed_at=FRIDAY
    ),
    "lifecycle_reminder": lambda: Reminder.objects.create(
        kind=AlertKind.CARD_EXPIRY, subject="card:1", due_on=FRIDAY.date(), lead_days=7, sent_at=FRIDAY
    ),
    "lifecycle_complaint": ComplaintFactory,
    "lifecycle_connection": ConnectionFactory,
    "lifecycle_connectionrun": lambda: ConnectionRun.objects.create(connection=ConnectionFactory(), started_at=FRIDAY),
    "lifecycle_noticetext": NoticeText.objects.first,
    "lifecycle_standbyshare": StandbyShareFactory,
    "lifecycle_calendarday": CalendarDay.objects.first,
    "agents_leavingpolicy": LeavingPolicy.objects.first,
    "lifecycle_law": Law.objects.first,
    "lifecycle_directoryentry": DirectoryEntry.objects.first,
    "lifecycle_checklist": Checklist.objects.first,
    "lifecycle_impactassessment": ImpactAssessmentFactory,
    "lifecycle_suspensionpolicy": SuspensionPolicy.objects.first,
}


@pytest.fixture
def clients() -> dict[str, Client]:
    """A signed-in client a role."""
    found = {}
    for role in (Role.ADMIN, Role.SUPERVISOR, Role.FINANCE, Role.COMPLIANCE, Role.AGENT):
        found[str(role)] = Client()
        sign_in_freshly(found[str(role)], PersonFactory(role=role))
    return found


def allowed(model: str) -> list[set[str]]:
    """Return the roles that may see, add, change and delete rows of a model."""
    return [{STAFF[letter] for letter in part} for part in [*ADMIN[model].split(" "), "", "", ""]][:4]


def test_every_model_has_a_row() -> None:
    """R12: a model that joins the administration joins this test."""
    assert set(ROWS) == set(ADMIN)


@pytest.mark.parametrize("model", ROWS)
def test_a_row_is_seen_changed_and_deleted_by_those_who_may(model, clients) -> None:
    """R12: evidence by nobody; who has no entry to the administration is sent to the sign-in."""
    seen, _added, changed, deleted = allowed(model)
    row = ROWS[model]()
    wrong = []
    for role, client in clients.items():
        for page, may in (("change", seen), ("history", seen), ("delete", deleted)):
            status = client.get(reverse(f"admin:{model}_{page}", args=[row.pk])).status_code
            expected = 200 if role in may else 403 if role in STAFF.values() else 302
            if status != expected:
                wrong.append((page, role, expected, status))
        if role in STAFF.values() and role not in changed:
            status = client.post(reverse(f"admin:{model}_change", args=[row.pk]), {}).status_code
            if status != 403:
                wrong.append(("post", role, 403, status))
    assert not wrong, "\n".join(map(str, wrong))
    row.refresh_from_db()
