"""What the pages about agents do, done over the API: each operation once, with what it leaves."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from agents.choices import AgentStatus
from agents.models import Agent, CallPlan, Course, Policy, StockTake, Target
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import (
    AgentFactory,
    CalleeListingFactory,
    CardConfirmationFactory,
    CourseFactory,
    ScriptVersionFactory,
    TrainingRecordFactory,
    hand_over,
)
from tests.factories.cards import CardFactory
from tests.factories.stock import LocationFactory

pytestmark = pytest.mark.django_db
V1 = "/api/v1/"


def signed_in(person: Any) -> APIClient:
    """Return a client of theirs."""
    client = APIClient(headers={"accept-language": "en"})
    client.force_authenticate(person)
    return client


@pytest.fixture
def agent(reference) -> Agent:
    """Somebody who calls."""
    return AgentFactory(user__name="许诺", user__role=Role.AGENT)


@pytest.fixture
def api(agent) -> APIClient:
    """The agent's supervisor."""
    return signed_in(PersonFactory(role=Role.SUPERVISOR, scope=agent.user.team, team=agent.user.team))


@pytest.fixture
def desk(reference) -> APIClient:
    """Compliance."""
    return signed_in(PersonFactory(role=Role.COMPLIANCE))


def done(answer: Any, status: int = 200) -> Any:
    """Return what was answered to a write that was done."""
    assert answer.status_code == status, answer.json()
    return answer.json()


def test_an_agent_is_entered_once_however_often_it_is_sent(api, agent):
    body = {"staff_no": "N7", "name": "新人", "team": agent.user.team_id}
    first = done(api.post(f"{V1}agents/", body, headers={"idempotency-key": "k"}), 201)
    again = done(api.post(f"{V1}agents/", body, headers={"idempotency-key": "k"}), 201)

    assert len(first["password"]) >= 8
    assert again == first
    assert Agent.objects.get(pk=first["id"]).user.check_password(first["password"])


def test_an_agent_is_changed_held_and_released(api, agent):
    address = f"{V1}agents/{agent.pk}/"
    assert done(api.post(f"{address}change/", {"name": "许诺诺"}))["name"] == "许诺诺"
    assert done(api.get(address))["staff_no"] == agent.user.staff_no
    assert done(api.post(f"{address}hold/", {"reason": "Retraining"}))["status"] == AgentStatus.ON_HOLD
    assert done(api.post(f"{address}release/"))["status"] == AgentStatus.ACTIVE
    assert api.post(f"{address}change/", {"team": TeamFactory().pk}).status_code == 400
    assert api.post(f"{address}change/", {"nmae": "x"}).json()["details"][0]["code"] == "unknown_field"


def test_somebody_who_left_comes_back(api, agent):
    address = f"{V1}agents/{agent.pk}/"
    done(api.post(f"{address}leave/", {"reason": "moved"}))
    assert len(done(api.post(f"{address}rejoin/"))["password"]) >= 8


def test_files_of_agents_and_of_callees_become_jobs(api):
    people = SimpleUploadedFile("a.csv", "工号,姓名\nZ1,新人\n".encode())
    assert done(api.post(f"{V1}agents/imports/", {"file": people}, format="multipart"), 202)["kind"] == "agents.import"
    said = SimpleUploadedFile("c.csv", "号码,类型,日期,来源\n13900001234,禁拨,2026-11-01,phone\n".encode())
    assert done(api.post(f"{V1}callees/imports/", {"file": said}, format="multipart"), 202)["kind"] == "agents.callees"
    assert api.post(f"{V1}agents/imports/", {}, format="multipart").json()["details"][0]["field"] == "file"


def test_an_entry_of_a_callee_is_withdrawn(desk):
    entry = CalleeListingFactory()
    assert done(desk.get(f"{V1}callees/"))["results"][0]["id"] == entry.pk
    assert done(desk.post(f"{V1}callees/{entry.pk}/withdraw/", {"reason": "Other number"}))["end"] == "withdrawn"
    assert desk.post(f"{V1}callees/{entry.pk}/withdraw/", {"reason": "again"}).status_code == 409


def test_a_holder_confirms_a_card_and_the_office_settles_it(api, agent):
    card = CardFactory(team=agent.user.team)
    hand_over(card, agent, accepted_at=FRIDAY)
    said = CardConfirmationFactory(card=card, agent=agent, wrong=["plan"], note="Another")
    assert done(api.post(f"{V1}confirmations/{said.pk}/settle/"))["settled_at"]
    mine = {"card": card.pk, "wrong": ["number"], "note": "Another number"}
    assert done(signed_in(agent.user).post(f"{V1}confirmations/mine/", mine), 201)["wrong"] == ["number"]
    assert signed_in(agent.user).post(f"{V1}confirmations/mine/", {**mine, "note": ""}).status_code == 400
    assert signed_in(AgentFactory(user__role=Role.AGENT).user).post(f"{V1}confirmations/mine/", mine).status_code == 400


def test_an_agent_asks_for_cards_and_the_supervisor_decides(api, agent):
    mine = signed_in(agent.user)
    asked = done(
        mine.post(f"{V1}card-requests/mine/", {"count": 1, "purpose": "sales", "reason": "New customers"}), 201
    )
    assert done(mine.get(f"{V1}card-requests/mine/"))["results"][0]["id"] == asked["id"]
    refused = api.post(f"{V1}card-requests/{asked['id']}/decide/", {"level": asked["level"], "is_approved": False})
    assert refused.json()["code"] == "reason_missing"
    decided = done(api.post(f"{V1}card-requests/{asked['id']}/decide/", {"level": asked["level"], "is_approved": True}))
    assert decided["decisions"][0]["is_approved"] is True
    assert done(mine.post(f"{V1}card-requests/{asked['id']}/withdraw/"))["state"] == "withdrawn"


def test_a_place_is_counted(api, agent):
    place = LocationFactory()
    there = CardFactory(team=agent.user.team, location=place.name)
    lacking = CardFactory(team=agent.user.team, location=place.name)
    take = done(api.post(f"{V1}stock-takes/", {"location": place.pk}), 201)
    address = f"{V1}stock-takes/{take['id']}/"

    scanned = done(api.post(f"{address}scan/", {"scans": [there.iccid, "no such"]}))
    assert [one["card"] for one in scanned] == [there.pk, None, None]
    assert done(api.get(address))["counts"]["missing"] == 1
    assert lacking.pk in [row["card"] for row in done(api.get(f"{address}differences/"))["results"]]
    oldest = done(api.get(f"{address}differences/?ordering=id"))["results"]
    assert [row["id"] for row in oldest] == sorted(row["id"] for row in oldest)
    assert api.get(f"{address}differences/?ordering=started_at").status_code == 400
    assert api.post(f"{address}close/").status_code == 409
    assert sum(one["count"] for one in done(api.post(f"{address}settle/"))) == 3
    done(api.post(f"{address}close/"))
    assert StockTake.objects.get().closed_at


def test_a_script_is_written_and_approved_by_somebody_else(api, desk):
    body = {"name": "Opening", "purpose": "sales", "text": "Hello", "states_identity": True, "offers_opt_out": True}
    script = done(api.post(f"{V1}scripts/", body), 201)["script"]
    done(
        api.post(
            f"{V1}scripts/{script}/versions/", {k: body[k] for k in ("text", "states_identity", "offers_opt_out")}
        ),
        201,
    )
    assert done(desk.post(f"{V1}scripts/{script}/versions/2/approve/"))["approved_at"]
    assert desk.post(f"{V1}scripts/{script}/versions/9/approve/").status_code == 404


def test_agents_read_approved_scripts_alone(agent):
    version = ScriptVersionFactory()
    assert done(signed_in(agent.user).get(f"{V1}scripts/{version.script_id}/"))["versions"] == []


def test_targets_are_set_and_split(api, agent):
    team = agent.user.team_id
    body = {"month": "2026-11", "metric": "calls", "targets": [{"team": team, "value": 900}]}
    assert done(api.post(f"{V1}targets/", body)) == {"changed": 1}
    split = {"month": "2026-11", "metric": "calls", "team": team}
    assert done(api.post(f"{V1}targets/split/", split)) == {"changed": 1}
    assert Target.objects.get(agent=agent).value == 900
    both = [{"team": team, "agent": agent.pk, "value": 1}]
    assert api.post(f"{V1}targets/", {**body, "targets": both}).status_code == 400
    elsewhere = [{"team": TeamFactory().pk, "value": 1}]
    assert api.post(f"{V1}targets/", {**body, "targets": elsewhere}).status_code == 404


def test_calls_are_planned_and_the_plan_taken_back(api, agent):
    body = {"agent": agent.user.staff_no, "starts_on": "2030-01-07", "ends_on": "2030-01-08", "calls": 80}
    plan = done(api.post(f"{V1}call-plans/", body), 201)
    assert plan["agent"] == agent.pk
    assert done(api.post(f"{V1}call-plans/{plan['id']}/withdraw/"))["withdrawn_at"]
    assert CallPlan.objects.standing().count() == 0


def test_courses_and_policies_are_published(desk, agent):
    course, policy = CourseFactory(), Policy.objects.first()
    version = {"text": "Be fair", "questions": "May one lie?\n- yes\n+ no\n"}
    told = done(desk.post(f"{V1}courses/{course.pk}/versions/", version), 201)
    assert (told["number"], told["pass_mark"], "+ no" in told["questions"]) == (1, 80, True)
    assert done(desk.post(f"{V1}policies/{policy.pk}/versions/", {"text": "Anew"}), 201)["text"] == "Anew"
    mine = signed_in(agent.user)
    assert course.code in [one["code"] for one in done(mine.get(f"{V1}courses/mine/"))]
    assert policy.code in [one["policy"] for one in done(mine.get(f"{V1}policies/mine/"))]


def test_trainings_are_planned_recorded_and_revoked(api, desk, agent):
    course = Course.objects.get(code="anti-fraud")
    body = {"course": course.pk, "team": agent.user.team_id, "starts_on": "2030-01-07", "due_on": "2030-02-07"}
    plan = done(api.post(f"{V1}training/plans/", body), 201)
    assert done(api.post(f"{V1}training/plans/{plan['id']}/withdraw/"))["withdrawn_at"]
    passed = {"course": course.pk, "passed_on": "2026-11-02"}
    record = done(api.post(f"{V1}training/records/", {**passed, "agent": agent.pk, "score": 90}), 201)
    assert done(desk.post(f"{V1}training/records/{record['id']}/revoke/", {"reason": "Mistake"}))["revoked_at"]
    standing = {least: done(api.get(f"{V1}training/standings/?open_cards_min={least}"))["results"] for least in (0, 1)}
    assert (agent.pk in [row["agent"] for row in standing[0]], standing[1]) == (True, [])
    many = done(api.post(f"{V1}training/records/sessions/", {**passed, "agents": [agent.pk]}), 201)
    assert [one["agent"] for one in many] == [agent.pk]
    other = TrainingRecordFactory()
    assert desk.post(f"{V1}training/records/{other.pk}/revoke/", {}).status_code == 400


def test_a_notice_is_noted_and_taken_back(api, agent):
    noted = done(api.post(f"{V1}leavings/", {"agent": agent.pk, "leaves_on": "2030-01-07"}), 201)
    assert noted["state"] == "noticed"
    before = Entry.objects.count()
    done(api.post(f"{V1}leavings/{noted['id']}/withdraw/", {"reason": "They stay"}))
    assert Entry.objects.count() == before + 1
