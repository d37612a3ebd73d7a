"""What is recorded on the registers' pages, over the API: the same rights, refusals and books."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from agents.models import CalleeListing
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cardfleet.kernel.clock import business_day
from lifecycle.models import CarrierNotice, Complaint, Matter, NumberNotice, QualityCheck
from tests.asking import fields, post, signed_in
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, AppraisalFactory, RewardFactory, hand_over
from tests.factories.cards import CardFactory, CarrierFactory
from tests.factories.lifecycle import CustomerProblemFactory, NumberMarkFactory, ReverificationFactory
from tests.factories.notices import ForwardingFactory, NumberNoticeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
TODAY = business_day(FRIDAY)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def card(team):
    return CardFactory(team=team)


@pytest.fixture
def agent(team):
    return AgentFactory(user__team=team, user__role=Role.AGENT)


@pytest.fixture
def desk(team) -> APIClient:
    """A supervisor of the team."""
    return signed_in(PersonFactory(role=Role.SUPERVISOR, scope=team, team=team))


def journalled(action: str) -> int:
    return Entry.objects.filter(action=action).count()


def test_a_carriers_notice_is_recorded_and_withdrawn(desk):
    """R38: as on its page; a notice that ends as it begins is refused."""
    said = {
        "carrier": CarrierFactory().pk,
        "kind": "maintenance",
        "title": "割接",
        "regions": ["北京"],
        "starts_at": FRIDAY.isoformat(),
        "ends_at": (FRIDAY + timedelta(hours=2)).isoformat(),
    }
    assert fields(post(desk, "carrier-notices", said | {"ends_at": said["starts_at"]}, status=400)) == ["ends_at"]
    notice = post(desk, "carrier-notices", said, status=201)
    assert CarrierNotice.objects.get().regions == ["北京"]
    assert post(desk, f"carrier-notices/{notice['id']}/withdraw")["withdrawn_at"]
    assert journalled("lifecycle.notice_recorded") == journalled("lifecycle.notice_withdrawn") == 1
    listed = desk.get("/api/v1/carrier-notices/", {"withdrawn": "true", "kind": "maintenance"}).json()["results"]
    assert [one["id"] for one in listed] == [notice["id"]]
    assert desk.get("/api/v1/carrier-notices/", {"withdrawn": "false"}).json()["results"] == []


def test_a_complaint_opens_its_matter_and_is_taken_back_by_a_row(desk, card):
    """R35, R40: no row is changed; neither the mistake nor what takes it back counts."""
    said = {"card": f"msisdn:{card.msisdn}", "kind": "complaint", "received_at": FRIDAY.isoformat(), "channel": "12321"}
    row = post(desk, "complaints", said, status=201)
    assert (row["card"], row["is_valid"], Matter.objects.get().complaint_id) == (card.pk, True, row["id"])
    assert fields(post(desk, "complaints", said | {"card": CardFactory().pk}, status=400)) == ["card"]
    ahead = (FRIDAY + timedelta(days=1)).isoformat()
    assert fields(post(desk, "complaints", said | {"received_at": ahead}, status=400)) == ["received_at"]
    back = post(desk, f"complaints/{row['id']}/take-back", {"reason": "Another number"}, status=201)
    assert back["reverses"] == row["id"]
    post(desk, f"complaints/{row['id']}/take-back", {"reason": "Again"}, status=409)
    assert Complaint.objects.standing().count() == 0
    assert desk.get("/api/v1/complaints/", {"standing": "true"}).json()["results"] == []
    assert len(desk.get("/api/v1/complaints/", {"standing": "false", "card": card.pk}).json()["results"]) == 2


def test_a_mark_stands_once_and_ends(desk, card):
    """R87: a platform marks a number once at a time; the end is today where none is said."""
    said = {"card": card.pk, "platform": "腾讯手机管家", "label": "推销", "marked_on": str(TODAY)}
    mark = post(desk, "number-marks", said, status=201)
    post(desk, "number-marks", said, status=409)
    ended = post(desk, f"number-marks/{mark['id']}/end")
    assert ended["ended_on"] == str(TODAY)
    early = NumberMarkFactory(card=card, platform="x")
    ahead = {"ended_on": (TODAY + timedelta(days=1)).isoformat()}
    assert fields(post(desk, f"number-marks/{early.pk}/end", ahead, status=400)) == ["ended_on"]
    assert [one["id"] for one in desk.get("/api/v1/number-marks/", {"open": "true"}).json()["results"]] == [early.pk]


def test_a_demand_to_verify_starts_clocks_that_are_stopped(desk, card, team):
    """R79: a clock a card; a card out of sight starts none of them."""
    other = CardFactory(team=team)
    ReverificationFactory(card=other)
    said = {"cards": [card.pk, f"iccid:{other.iccid}"], "noticed_at": FRIDAY.isoformat(), "source": "10086"}
    post(desk, "reverifications", said | {"cards": [card.pk, CardFactory().pk]}, status=404)
    demanded = post(desk, "reverifications", said, status=201)
    assert ([one["card"] for one in demanded["started"]], demanded["running"]) == ([card.pk], 1)
    clock = demanded["started"][0]["id"]
    assert post(desk, f"reverifications/{clock}/done")["done_at"]
    post(desk, f"reverifications/{clock}/done", status=409)
    card.refresh_from_db()
    assert card.reverify_due_at is None


def test_a_notice_of_a_changed_number_counts_and_tells_nobody(desk, card):
    """R110: people come by a file and are never answered; wrong rows are told by line."""
    notice = NumberNoticeFactory(old_card=card)
    path = f"number-notices/{notice.pk}"
    changed = post(desk, f"{path}/change", {"company": "East Ltd"})
    assert (changed["company"], changed["opt_out"]) == ("East Ltd", notice.opt_out)
    far = {"delete_after": (TODAY + timedelta(days=400)).isoformat()}
    assert fields(post(desk, f"{path}/change", far, status=400)) == ["delete_after"]
    assert fields(post(desk, f"{path}/change", {"crm_link": "javascript:alert(1)"}, status=400)) == ["crm_link"]
    assert post(desk, f"{path}/change", {"crm_link": ""})["crm_link"] == ""
    people = SimpleUploadedFile("people.csv", "号码,称呼\n13900001111,王先生\n12,李女士\n".encode())
    listed = post(desk, f"{path}/people", {"file": people}, format="multipart")
    assert (listed["new"], listed["known"], [one["line"] for one in listed["refused"]]) == (1, 0, [3])
    assert "13900001111" not in str(listed)
    told = {"people": [notice.recipients.get().pk, 0 + 2**40], "result": "sent"}
    assert post(desk, f"{path}/result", told)["told"] == 1
    results = SimpleUploadedFile("results.csv", "号码,结果,原因\n13900001111,失败,空号\n".encode())
    assert post(desk, f"{path}/results", {"file": results}, format="multipart")["new"] == 1
    assert NumberNotice.objects.get().failed == 1
    broken = SimpleUploadedFile("results.csv", b"a,b\n1,2\n")
    post(desk, f"{path}/results", {"file": broken}, format="multipart", status=400)


def test_a_forwarding_is_set_up_and_ended(desk, card):
    """R111: a person did it at the carrier and says so; none is set up once it has ended."""
    one = ForwardingFactory(notice=NumberNoticeFactory(old_card=card))
    until = {"ends_on": (TODAY + timedelta(days=9)).isoformat()}
    assert post(desk, f"forwardings/{one.pk}/set-up", until)["set_up_at"]
    assert post(desk, f"forwardings/{one.pk}/end")["ended_at"]
    post(desk, f"forwardings/{one.pk}/set-up", until, status=409)


def test_a_checked_call_is_kept_by_points_and_its_refusal_listed(desk, agent):
    """R58, R62: the number of a person who refused goes to the list and is nowhere else."""
    said = {
        "agent": agent.pk,
        "called_on": str(TODAY),
        "courtesy": 4,
        "accuracy": 4,
        "no_pressure": False,
        "identity_stated": True,
        "opt_out_offered": True,
        "category": "pressure",
        "refused": True,
        "number": "13800001111",
    }
    check = post(desk, "quality-checks", said, status=201)
    assert (check["points"], CalleeListing.objects.count()) == (72, 1)
    assert "13800001111" not in str(check)
    assert fields(post(desk, "quality-checks", said | {"category": ""}, status=400)) == ["category"]
    assert fields(post(desk, "quality-checks", said | {"agent": AgentFactory().pk}, status=400)) == ["agent"]
    assert QualityCheck.objects.count() == 1


def test_an_agent_records_a_customers_problem_and_solves_it(desk, agent, card):
    """R62: one's own, about a card one holds; solved once."""
    hand_over(card, agent)
    mine = signed_in(agent.user)
    said = {
        "agent": agent.pk,
        "card": card.pk,
        "kind": "price",
        "text": "Charged twice",
        "raised_on": str(TODAY),
    }
    post(desk, "customer-problems", said | {"card": CardFactory(team=card.team).pk}, status=404)
    problem = post(mine, "customer-problems", said, status=201)
    solved = {"solution": "Paid back", "satisfaction": 5}
    assert post(mine, f"customer-problems/{problem['id']}/solve", solved)["solved_at"]
    post(desk, f"customer-problems/{problem['id']}/solve", solved, status=409)
    others = CustomerProblemFactory(agent=AgentFactory())
    post(mine, f"customer-problems/{others.pk}/solve", solved, status=404)


def test_a_month_is_rewarded_and_appraised(desk, agent):
    """R68, R69, R71: by whoever leads the agent; the agent reads it."""
    said = {"agent": agent.pk, "month": "2026-10-17", "kind": "reward", "basis": "care", "reason": "Careful"}
    reward = post(desk, "rewards", said, status=201)
    assert reward["month"] == "2026-10-01"
    assert post(desk, f"rewards/{reward['id']}/withdraw")["withdrawn_at"]
    post(desk, f"rewards/{reward['id']}/withdraw", status=409)
    month = {"agent": agent.pk, "month": "2026-10-01", "attitude": 4, "summary": "Steady"}
    appraisal = post(desk, "appraisals", month, status=201)
    post(desk, "appraisals", month, status=409)
    assert signed_in(agent.user).get(f"/api/v1/appraisals/{appraisal['id']}/").json()["summary"] == "Steady"


def test_an_agent_reads_what_is_said_of_the_own_months_only(agent, team):
    """R69: of others, of the same team too, there is nothing."""
    mine, other = RewardFactory(agent=agent), AgentFactory(user__team=team)
    RewardFactory(agent=other)
    AppraisalFactory(agent=other, signed_by=PersonFactory())
    client = signed_in(agent.user)
    assert [one["id"] for one in client.get("/api/v1/rewards/").json()["results"]] == [mine.pk]
    assert client.get("/api/v1/appraisals/").json()["results"] == []
