"""A row about somebody, or of anybody, in as many tables as the factories reach: what their erasure has to find."""

from datetime import timedelta

from agents.models import Assignment, CourseAttempt, LeavingTask
from billing.models import UsageBatch, UsageCharge
from billing.services.ledger import top_up
from cardfleet.files.services import store
from cardfleet.jobs.models import IdempotencyKey, JobRow
from cardfleet.jobs.services import start_job
from cardfleet.kernel.clock import business_day
from cardfleet.notify.models import InboxItem
from lifecycle.models import CaseComment, CaseContact
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.agents import (
    AbsenceFactory,
    AppraisalFactory,
    CalleeListingFactory,
    CallPlanFactory,
    CardConfirmationFactory,
    CardRequestFactory,
    CourseVersionFactory,
    HandoverFactory,
    LeavingFactory,
    ReservationFactory,
    RewardFactory,
    TrainingPlanFactory,
    TrainingRecordFactory,
    hand_over,
)
from tests.factories.billing import AccountFactory, UsageAttributionFactory, UsageSourceFactory
from tests.factories.cards import (
    CardFactory,
    DeviceFactory,
    IdCheckFactory,
    RegistrantFactory,
    SanctionFactory,
    TagFactory,
)
from tests.factories.cases import CaseFactory
from tests.factories.desk import ArticleFactory, AuditFactory, MatterFactory, do_steps
from tests.factories.lifecycle import AlertFactory, CarrierNoticeFactory, ComplaintFactory, ReverificationFactory
from tests.factories.lists import SavedViewFactory
from tests.factories.notify import ChannelFactory, MessageFactory
from tests.factories.stock import LocationFactory, PurchaseOrderFactory, StockTakeFactory, SupplierFactory

LEFT = business_day(FRIDAY - timedelta(days=250))


def world(agent):
    """Make a row about the person, or of anybody, in as many tables as the factories reach."""
    person, other, card = agent.user, PersonFactory(), CardFactory()
    hand_over(card, agent, at=FRIDAY - timedelta(days=300))
    Assignment.objects.update(ended_at=FRIDAY - timedelta(days=260))
    card.__class__.objects.update(holder=None, custody_state="in_stock")
    registrant = RegistrantFactory(staff=person, kind="person")
    job = start_job(kind="cards.import", owner=other, now=FRIDAY)
    JobRow.objects.create(job=job, line=1, ok=False)
    IdempotencyKey.objects.create(user=person, key="k", request_hash="h", created_at=FRIDAY)
    leaving = LeavingFactory(agent=agent, left_at=FRIDAY, noticed_at=FRIDAY, finished_at=FRIDAY)
    LeavingTask.objects.create(leaving=leaving, kind="claims", due_on=LEFT, done_at=FRIDAY)
    case = CaseFactory(card=card)
    case.__class__.objects.update(closed_at=FRIDAY, outcome="withdrawn")
    CaseComment.objects.create(case=case, at=FRIDAY, text="t")
    CaseContact.objects.create(case=case, at=FRIDAY, recorded_at=FRIDAY, channel="phone", said="s")
    CourseAttempt.objects.create(
        agent=agent, version=CourseVersionFactory(), at=FRIDAY, answers=[[1]], score=1, is_passed=False
    )
    for factory in (
        AbsenceFactory,
        AppraisalFactory,
        CardRequestFactory,
        HandoverFactory,
        RewardFactory,
        TrainingRecordFactory,
    ):
        factory(agent=agent)
    for subject in (MatterFactory(about=person, asker="a", number="n"), MatterFactory(kind="breach", about=None)):
        do_steps(subject)
    CardConfirmationFactory(agent=agent, card=card)
    ReservationFactory(agent=agent, card=CardFactory(), team=None)
    top_up(account=AccountFactory(cards=[card]), card=card, amount=5, actor=other, now=FRIDAY)
    charged = {"card": card, "day": LEFT, "role": "carrier", "agent": agent, "team": person.team}
    UsageCharge.objects.create(**charged, calls=2, seconds=60, amount=7)
    UsageBatch.objects.create(source=UsageSourceFactory(), created_at=FRIDAY)
    InboxItem.objects.create(user=person, key="k", code="notify.test", params={}, created_at=FRIDAY)
    InboxItem.objects.create(user=other, key="k", code="notify.test", params={}, created_at=FRIDAY)
    for factory, facts in (
        (AlertFactory, {"card": card}),
        (ArticleFactory, {}),
        (AuditFactory, {}),
        (CalleeListingFactory, {}),
        (CallPlanFactory, {"agent": agent, "team": None}),
        (CarrierNoticeFactory, {}),
        (ChannelFactory, {"owner": person}),
        (ComplaintFactory, {"card": card}),
        (DeviceFactory, {}),
        (IdCheckFactory, {"person": person}),
        (LocationFactory, {}),
        (MessageFactory, {}),
        (MessageFactory, {"channel": None, "email": "x@example.com", "state": "sent"}),
        (PurchaseOrderFactory, {}),
        (ReverificationFactory, {"card": card}),
        (SanctionFactory, {"person": person}),
        (SavedViewFactory, {"owner": other}),
        (StockTakeFactory, {"agent": agent, "team": None, "location": None}),
        (SupplierFactory, {}),
        (TagFactory, {}),
        (TrainingPlanFactory, {}),
        (UsageAttributionFactory, {"card": card}),
    ):
        factory(**facts)
    drawing = store(content=b"%PDF-1.4 signed\n", name="s.pdf", purpose="agents.signature", owner=None, now=FRIDAY)
    agent.handovers.update(signature=drawing, signed_name="x", accepted_at=FRIDAY)
    return card, registrant, other
