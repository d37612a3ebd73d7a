"""Who may go where: every address the router knows, for every role, in scope and outside it (invariant 10)."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from rest_framework.test import APIClient

from agents.models import Acknowledgement, Course, LeavingTask, PolicyVersion
from billing.choices import SourceRole
from billing.models import PaymentBatch, RetentionRule, UsageBatch
from billing.services.ledger import top_up
from cardfleet.accounts.choices import Role
from cardfleet.files.services import store
from cardfleet.jobs.services import start_job
from cardfleet.journal.models import Entry
from cardfleet.notify.models import InboxItem
from lifecycle.models import ConnectionRun, Law, NumberReviewPlan
from tests.admin_routes import ADMIN
from tests.api_routes import API
from tests.conftest import FRIDAY
from tests.factories.accounts import (
    DelegationFactory,
    PersonFactory,
    ServiceAccountFactory,
    TeamFactory,
    session_of,
    sign_in_freshly,
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
from tests.marks import ROLES
from tests.router import routes
from tests.routes import ELSEWHERE, PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
STAFF = {"A": "admin", "F": "finance", "C": "compliance"}


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
def things(people) -> dict[str, Any]:
    """What fills the addresses: all of the dataset's team."""
    supervisor, holder = people["supervisor"], people["agent"]
    card = CardFactory(team=holder.team)
    job = start_job(kind="cards.import", owner=supervisor, params={"name": "cards.csv"}, now=FRIDAY)
    file = store(content=b"a\n", name="r.csv", purpose="rejects", owner=supervisor, now=FRIDAY, subject=job)
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
            version=policy_version, user=holder, at=FRIDAY, signed_name=holder.name
        ).pk,
        "call_plan": CallPlanFactory(team=holder.team).pk,
        "script": (script_version := ScriptVersionFactory()).script_id,
        "script_version": script_version.pk,
        "reward": RewardFactory(agent=holder.agent).pk,
        "appraisal": AppraisalFactory(agent=holder.agent, signed_by=supervisor).pk,
        "plan_of_training": TrainingPlanFactory(team=holder.team).pk,
        "job": job.pk,
        "file": file.pk,
        "batch": UsageBatch.objects.create(source=source, file=file, job=job, created_at=FRIDAY).pk,
        "bill": (bill := BillFactory(account=account, statement__file=file, statement__job=job)).pk,
        "statement": bill.statement_id,
        "dispute": DisputeFactory(account=account).pk,
        "transfer": (moved := some_transfer()).pk,
        "wallet": moved.legs.get(amount__lt=0).account_id,
        "case": (case := CaseFactory(card=card)).pk,
        "step": case.steps.get(code="fetch").pk,
        "attribution": UsageAttributionFactory(card=card).pk,
        "confirmation": CardConfirmationFactory(card=card, agent=holder.agent).pk,
        "entry": top_up(account=account, card=card, amount=Decimal(5), actor=None, now=FRIDAY).pk,
        "budget": BudgetFactory(team=holder.team).pk,
        "top_up": TopUpRequestFactory(account=account, card=card, asked_by=holder).pk,
        "item": InboxItem.objects.create(
            user=supervisor, key="k", code="notify.test", params={"person": "x"}, created_at=FRIDAY
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
        "connection_run": ConnectionRun.objects.create(connection=connection, started_at=FRIDAY).pk,
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
            reference="P-1", count=1, amount=1, paid_by=people["finance"], paid_at=FRIDAY
        ).pk,
        "problem": CustomerProblemFactory(agent=holder.agent).pk,
        "quality_check": QualityCheckFactory(agent=holder.agent).pk,
        "webhook": (webhook_event := delivery_of()).webhook_id,
        "webhook_event": webhook_event.pk,
    }


def address(name: str, needs: str, things: dict[str, Any]) -> str:
    """Return the address of a route, filled with the dataset."""
    return reverse(name, args=[things.get(word, word) if word != "agents" else word for word in needs.split()])


def signed_in(person: Any, *, api: bool) -> Any:
    """Return a client of theirs; of nobody for None."""
    client = APIClient() if api else Client()
    if person and api:
        client.force_authenticate(person)
    elif person:
        client.force_login(person)
    return client


def lines(things: dict[str, Any]):
    """Yield each line of the table: name, address, whether it is the API's, whether there is a GET, marks by role."""
    for table, api in ((PAGES, False), (API, True)):
        for name, (needs, marks) in table.items():
            by_role = dict(zip(ROLES, marks.removeprefix("post "), strict=True))
            yield name, address(name, needs, things), api, not marks.startswith("post "), by_role


def is_sign_in(answer: Any) -> bool:
    """Tell whether an answer sends to the sign-in."""
    return answer.status_code == 302 and "/account/login" in answer["Location"]


def fits(status: int, mark: str, *, may_get: bool) -> bool:
    """Tell whether a GET was answered as the mark says."""
    if not may_get:
        return status in {302, 403, 404, 405}
    return status in {"y": {200, 302}, "n": {403}, "-": {404}}[mark]


def test_every_route_has_a_line() -> None:
    """R12: a new address says who may go there before it can be added."""
    known = {*PAGES, *API, *(f"admin:{model}_{page}" for model in ADMIN for page in CRUD)}
    names = {name for name, _pattern in routes(get_resolver())}
    assert [n for n in names - known if not any(re.fullmatch(pattern, n) for pattern in ELSEWHERE)] == []
    assert known - names == set()


CRUD = ("changelist", "add", "change", "history", "delete")


def test_everybody_sees_what_is_theirs_to_see(people, things) -> None:
    """R12: by role and by scope, in pages, panels and the API alike; nobody without signing in."""
    wrong = []
    for role, person in people.items():
        clients = {api: signed_in(person, api=api) for api in (False, True)}
        for name, path, api, may_get, marks in lines(things):
            answer = clients[api].get(path)
            answer.getvalue()  # which closes a file
            if is_sign_in(answer) or not fits(answer.status_code, marks[role], may_get=may_get):
                wrong.append((name, role, marks[role], answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


def test_strangers_are_sent_to_the_sign_in(things) -> None:
    """R12: nothing without signing in."""
    wrong = []
    clients = {api: signed_in(None, api=api) for api in (False, True)}
    for name, path, api, _may_get, _marks in lines(things):
        answer = clients[api].get(path)
        away = (
            answer.status_code == 401 if api else answer.status_code == 302 and "/account/login" in answer["Location"]
        )
        if not away:
            wrong.append((name, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


def test_who_may_not_changes_nothing(people, things) -> None:
    """R12: a write by those without the right, or out of scope, is refused and leaves no trace in the books."""
    wrong, before = [], Entry.objects.count()
    for role, person in people.items():
        clients = {api: signed_in(person, api=api) for api in (False, True)}
        for name, path, api, _may_get, marks in lines(things):
            for method in ("post", "put", "patch", "delete") if api else ("post",):
                if marks[role] != "y":
                    answer = getattr(clients[api], method)(path, {"reason": "mistake"})
                    if answer.status_code not in {403, 404, 405}:
                        wrong.append((name, role, method, marks[role], answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))
    assert Entry.objects.count() == before


def test_the_administration_is_for_those_it_is_for(people) -> None:
    """R12: reference data is changed by few, and evidence by nobody; who has no entry is sent to the sign-in."""
    wrong = []
    for role, person in people.items():
        client = Client()
        sign_in_freshly(client, person)
        for model, letters in ADMIN.items():
            may = [{STAFF[letter] for letter in part} for part in [*letters.split(" "), "", ""]][:2]
            for page, allowed in zip(("changelist", "add"), may, strict=True):
                status = client.get(reverse(f"admin:{model}_{page}")).status_code
                expected = 200 if role in allowed else 403 if role in STAFF.values() else 302
                if status != expected:
                    wrong.append((model, page, role, expected, status))
    assert not wrong, "\n".join(map(str, wrong))
