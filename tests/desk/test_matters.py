"""Complaints, subject requests and breaches at the compliance desk."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import InternalError
from django.urls import reverse

from agents.models import CalleeListing
from agents.selectors.callees import hash_of
from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job
from cardfleet.jobs.tasks import run_job
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import BadInput
from cardfleet.notify.models import InboxItem
from lifecycle.choices import AlertKind, MatterKind
from lifecycle.errors import AnswerRefused, ExtensionRefused, MatterClosingRefused, MatterStepRefused
from lifecycle.models import Alert, Matter, MatterStep
from lifecycle.selectors.board.queue import queue_of
from lifecycle.selectors.board.ranking import rank
from lifecycle.services.complaints import record_complaint, take_back
from lifecycle.services.desk.answers import ask_for_answer
from lifecycle.services.desk.matters import close_matter, do_step, extend
from lifecycle.services.desk.watching import watch_desk
from lifecycle.services.escalation import escalate_alerts
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory
from tests.factories.cases import CaseFactory
from tests.factories.desk import MatterFactory, do_steps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def test_a_complaint_runs_by_its_clock_and_done_steps_stay() -> None:
    """R40, X14: recording a complaint starts 3, 15 and 3 working days; what is done stays."""
    card = CardFactory()
    told = {"card_id": card.pk, "received_at": FRIDAY, "channel": "12321", "actor": None, "now": FRIDAY}
    complaint = record_complaint(**told, summary="T")
    matter = complaint.matter
    assert list(matter.steps.values_list("code", flat=True)) == ["pass_on", "reply", "tell"]
    do_step(matter_id=matter.pk, code="pass_on", proof=ContentFile(b"a\n", "p.txt"), actor=None, now=FRIDAY)
    matter.refresh_from_db()
    assert matter.due_at == matter.steps.get(code="reply").due_at > FRIDAY + timedelta(days=15)
    with pytest.raises(InternalError, match="Cannot update"):
        MatterStep.objects.filter(code="pass_on").update(note="else")


def test_a_complaint_recorded_by_mistake_is_no_matter_any_more() -> None:
    """R40: and a carrier's notification opens none."""
    told = {"card_id": CardFactory().pk, "received_at": FRIDAY, "channel": "c", "actor": None, "now": FRIDAY}
    mistaken = record_complaint(**told)
    record_complaint(**told, kind="notified")
    take_back(complaint_id=mistaken.pk, reason="other number", actor=None, now=FRIDAY)
    matter = Matter.objects.get()
    assert (matter.outcome, matter.because) == ("withdrawn", "other number")


def test_steps_clocks_and_endings_are_held() -> None:
    """R83: bad input is refused with its place, and nothing is changed."""
    with pytest.raises(BadInput) as told:
        MatterFactory(about=None)
    assert told.value.reasons[0].field == "about"
    with pytest.raises(BadInput):
        MatterFactory(received_at=FRIDAY + timedelta(hours=1))
    matter = MatterFactory()
    with pytest.raises(MatterStepRefused):
        do_step(matter_id=matter.pk, code="answer", note="n", actor=None, now=FRIDAY)
    with pytest.raises(MatterStepRefused):
        do_step(matter_id=matter.pk, code="identity", note="n", done_at=FRIDAY + timedelta(1), actor=None, now=FRIDAY)
    with pytest.raises(AnswerRefused):
        ask_for_answer(matter_id=matter.pk, actor=PersonFactory(), now=FRIDAY)
    do_steps(matter, "identity")
    assert extend(matter_id=matter.pk, because="many files", actor=None, now=FRIDAY).extended_because
    assert matter.steps.get(code="answer").due_at == FRIDAY + timedelta(days=30)
    with pytest.raises(ExtensionRefused):
        extend(matter_id=matter.pk, because="again", actor=None, now=FRIDAY)
    matter.refresh_from_db()
    assert matter.is_open


def test_a_witness_is_not_deleted_but_kept_for_a_reason() -> None:
    """R83: a request for deletion by somebody named in an open case ends "kept because", and the person is told."""
    agent = AgentFactory()
    card = CardFactory(team=agent.user.team)
    hand_over(card, agent)
    case = CaseFactory(card=card)
    matter = MatterFactory(kind=MatterKind.DELETE, about=agent.user)
    do_steps(matter)
    given = {"matter_id": matter.pk, "actor": None, "now": FRIDAY}
    with pytest.raises(MatterClosingRefused) as refused:
        close_matter(outcome="granted", because="", **given)
    assert refused.value.reasons[0].clear_url == reverse("lifecycle:case", args=[case.pk])
    assert close_matter(outcome="kept", because=f"case {case.pk}", **given).outcome == "kept"
    assert InboxItem.objects.filter(user=agent.user, code="lifecycle.request_ended").exists()


def test_who_withdraws_consent_is_called_no_more_at_once() -> None:
    """R60, X11: from the receipt on, before anybody did a step; the journal holds no number."""
    number = "+8613912345678"
    MatterFactory(kind=MatterKind.WITHDRAW, about=None, number=number)
    assert CalleeListing.objects.get(kind="do_not_call").number_hash == hash_of(number)
    assert not Entry.objects.filter(data__icontains=number[3:]).exists()
    assert not Matter.objects.filter(number__contains=number[3:]).exists()


def test_the_answer_is_a_file_made_once_for_whom_it_is_about(client) -> None:
    """R83: a ZIP of what is kept, without secrets; the person finds it, nobody else does."""
    officer, agent, other = PersonFactory(role=Role.COMPLIANCE), AgentFactory(), AgentFactory()
    hand_over(CardFactory(team=agent.user.team), agent)
    matter = MatterFactory(about=agent.user)
    do_steps(matter, "identity")
    job = ask_for_answer(matter_id=matter.pk, actor=officer, now=FRIDAY)
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done"
    url = reverse("files:download", args=[job.result_file_id])
    client.force_login(agent.user)
    content = b"".join(client.get(url).streaming_content)
    parts = zipfile.ZipFile(io.BytesIO(content))
    everything = "".join(parts.read(name).decode() for name in parts.namelist())
    assert agent.user.staff_no in everything
    assert agent.user.password not in everything
    assert b"subject-" in client.get(reverse("lifecycle:my-data")).content
    client.force_login(other.user)
    assert client.get(url).status_code == 404
    assert b"subject-" not in client.get(reverse("lifecycle:my-data")).content
    Job.objects.filter(pk=job.pk).update(state="queued")
    run_job(job.pk)
    job.refresh_from_db()
    assert reverse("files:download", args=[job.result_file_id]) == url


def test_what_is_overdue_is_an_alert_of_the_desk_until_it_goes_on(client) -> None:
    """R40, R83: one a matter, told once, in the desk's queue only; graver as it waits, gone when a step is done."""
    officer, money = PersonFactory(role=Role.COMPLIANCE), PersonFactory(role=Role.FINANCE)
    told = {"card_id": CardFactory().pk, "received_at": FRIDAY, "channel": "12321", "actor": None, "now": FRIDAY}
    matter, breach = record_complaint(**told).matter, MatterFactory(kind=MatterKind.BREACH, about=None)
    assert watch_desk(now=FRIDAY)["alerts_opened"] == 0
    late = matter.due_at + timedelta(minutes=1)
    assert [watch_desk(now=late)["alerts_opened"], watch_desk(now=late)["alerts_opened"]] == [2, 0]
    assert InboxItem.objects.filter(user=officer, code="lifecycle.alerts").count() == 1
    alerts = Alert.objects.filter(kind=AlertKind.DESK).order_by("pk")
    assert list(alerts.values_list("matter", "severity")) == [(matter.pk, "high"), (breach.pk, "critical")]
    assert not Alert.objects.visible_to(money).exists()
    queue = queue_of(rank(officer, now=late, first=9), first=9)
    assert [task.alert.matter_id for task in queue.today] == [breach.pk, matter.pk]
    client.force_login(officer)
    assert reverse("lifecycle:matter", args=[matter.pk]).encode() in client.get(reverse("lifecycle:alerts")).content
    assert escalate_alerts(now=late + timedelta(days=3))["escalated"] == 2
    do_step(matter_id=matter.pk, code="pass_on", note="n", actor=None, now=late + timedelta(minutes=1))
    assert list(Alert.objects.open().values_list("matter", flat=True)) == [breach.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_registers_and_desk_cost_the_same_however_much_there_is(client, django_assert_num_queries, count) -> None:
    """R40, R83: a fixed number of queries."""
    for _ in range(count):
        MatterFactory()
        record_complaint(card_id=CardFactory().pk, received_at=FRIDAY, channel="c", actor=None, now=FRIDAY)
    client.force_login(PersonFactory(role=Role.COMPLIANCE))
    for name, most in (("compliance", 10), ("subject-requests", 6), ("complaints", 6)):
        with django_assert_num_queries(most):
            assert client.get(reverse(f"lifecycle:{name}")).status_code == 200


def test_the_desk_records_a_request_and_a_breach_on_pages(client) -> None:
    """R83: entered, refused with its place, answered, closed."""
    officer, person = PersonFactory(role=Role.COMPLIANCE), PersonFactory()
    client.force_login(officer)
    url = reverse("lifecycle:subject-requests")
    given = {"kind": "correct", "title": "T", "received_at": "2026-11-20T09:00"}
    assert client.post(url, given).status_code == 400
    assert client.post(url, {**given, "number": "139"}).status_code == 422
    opened = client.post(url, {**given, "about": person.staff_no})
    assert opened.status_code == 302
    matter = Matter.objects.get()
    deed = {name: reverse("lifecycle:matter-deed", args=[matter.pk, name]) for name in ("step", "close", "extend")}
    assert client.post(deed["close"], {"outcome": "granted"}).status_code == 409
    for code in ("identity", "answer", "tell"):
        assert client.post(deed["step"], {"code": code, "note": "n"}).status_code == 302
    assert client.post(deed["extend"], {"because": "late"}).status_code == 409
    assert client.post(deed["close"], {"outcome": "granted"}).status_code == 302
    breach = {"title": "T", "data": "names", "people": "12", "received_at": "2026-11-20T09:00"}
    assert client.post(reverse("lifecycle:breaches"), breach).status_code == 302
    assert client.post(reverse("lifecycle:complaints"), breach).status_code == 404
    assert Matter.objects.get(kind="breach").people == 12
