"""The board, parts of a card's page and what is one's own, by the API (R12, R14, R29, R31, R68-R70, R74, R78, R99)."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from billing.models import BalanceReading
from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job
from lifecycle.models import CallQuality, Matter
from lifecycle.tasks import ASSESSMENT
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory, RegistrantFactory
from tests.lifecycle.board.facts import risk, stopped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
V1 = "/api/v1/"


@pytest.fixture(autouse=True)
def friday(time_machine) -> None:
    time_machine.move_to(FRIDAY, tick=False)


def asking(who: Any = None, **person) -> APIClient:
    client = APIClient(headers={"accept-language": "en"})
    client.force_authenticate(who or PersonFactory(**person))
    return client


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def supervisor(team) -> APIClient:
    return asking(role=Role.SUPERVISOR, scope=team, team=team)


@pytest.fixture
def agent(team):
    return AgentFactory(user__team=team, user__role=Role.AGENT)


@pytest.fixture
def held(agent, team):
    card = CardFactory(team=team)
    hand_over(card, agent, accepted_at=FRIDAY)
    return card


def test_the_board_is_told(supervisor, held, agent) -> None:
    """R31: what to do first, the numbers with the lists behind them, the states; of another team nothing."""
    alert = stopped(held, due_at=FRIDAY)
    stopped(CardFactory(team=TeamFactory()), due_at=FRIDAY)
    told = supervisor.get(f"{V1}board/").json()
    (task,) = told["queue"]["today"]
    assert (task["alert"], task["card"], task["holder_cannot_call"]) == (alert.pk, held.pk, True)
    assert task["action"] == "pay"
    tiles = {tile["code"]: tile for tile in told["tiles"]}
    assert tiles["stopped"] == {"code": "stopped", "count": 1, "query": {"stopped": "true"}}
    for tile in tiles.values():
        listed = supervisor.get(f"{V1}cards/", {**tile["query"], "count": "exact"}).json()
        assert listed["count"] == tile["count"], tile["code"]
    assert told["stock"]["states"] == [{"state": "full_stop", "count": 1}]
    assert supervisor.get(f"{V1}board/", {"queue": "all"}).status_code == 400


def test_parts_of_the_board_are_told(supervisor, held, team) -> None:
    """R31: the caps by team, what the month has cost, what waits; null is what one may not see."""
    risk(held)
    (row,) = supervisor.get(f"{V1}board/hours/").json()["teams"]
    assert (row["team"], row["cap"], row["calls"]) == (team.pk, 200, 0)
    assert supervisor.get(f"{V1}board/costs/").json()["total"]["total"] == "0.00"
    waiting = asking(role=Role.FINANCE).get(f"{V1}board/waiting/").json()
    assert (waiting["disputes"], waiting["requests"]) == (0, None)
    assert supervisor.get(f"{V1}board/waiting/").json()["requests"] == 0


def test_an_assessment_is_asked_for(supervisor) -> None:
    """The job says how far it is."""
    answer = supervisor.post(f"{V1}alerts/assess/")
    assert answer.status_code == 202
    assert Job.objects.get(pk=answer.json()["id"]).kind == ASSESSMENT


def test_parts_of_a_card_are_told(supervisor, held) -> None:
    """R14, R99: what speaks for keeping the number; what happened to it, by kind and further back."""
    keep = supervisor.get(f"{V1}cards/{held.pk}/keeping/").json()
    assert keep["advice"] in {"keep", "spare", "wait", "cancel"}
    assert {point["side"] for point in keep["points"]} <= {"keep", "cancel"}
    assert keep["decided"] is None
    address = f"{V1}cards/{held.pk}/timeline/"
    whole = supervisor.get(address).json()
    assert whole["entries"]
    assert whole["more"] is False
    assert supervisor.get(address, {"before": whole["entries"][-1]["id"]}).json()["entries"] == []
    some = supervisor.get(address, {"kind": "handout"}).json()["entries"]
    assert {entry["action"].partition(".")[0] for entry in some} <= {"agents", "cards"}
    for wrong in ({"kind": "moon"}, {"before": "x"}, {"colour": "red"}):
        answer = supervisor.get(address, wrong)
        assert [one["field"] for one in answer.json()["details"]] == list(wrong)


def test_an_agent_rates_the_calls_of_an_own_card(held, agent) -> None:
    """R78: a poor score names its cause; somebody else's card is as if it were not."""
    mine, address = asking(agent.user), f"{V1}cards/{held.pk}/rate/"
    assert mine.post(address, {"score": "2"}, format="json").status_code == 400
    answer = mine.post(address, {"score": "2", "cause": "noise"}, format="json")
    assert (answer.status_code, answer.json()["score"]) == (201, 2), answer.json()
    assert CallQuality.objects.get().by == agent.user
    other = AgentFactory(user__role=Role.AGENT)
    assert asking(other.user).post(address, {"score": "5"}, format="json").status_code == 404


def test_one_asks_about_ones_own_data(agent) -> None:
    """R83: and sees one's own requests alone."""
    mine = asking(agent.user)
    made = mine.post(f"{V1}my/data-requests/", {"kind": "access"}, format="json")
    assert (made.status_code, made.json()["files"]) == (201, [])
    assert Matter.objects.get().about == agent.user
    assert [one["id"] for one in mine.get(f"{V1}my/data-requests/").json()["results"]] == [made.json()["id"]]
    assert asking().get(f"{V1}my/data-requests/").json() == {"results": []}
    assert mine.post(f"{V1}my/data-requests/", {"kind": "breach"}, format="json").status_code == 400


def test_an_agent_is_told_their_own_month(agent, held) -> None:
    """R68, R69, R70: whoever is no agent is told nothing."""
    told = asking(agent.user).get(f"{V1}reports/performance/mine/", {"month": "2026-11"}).json()
    assert (told["month"], told["row"]["agent"], told["plan"], told["waiting"]) == ("2026-11", agent.pk, None, [])
    admin = asking(role=Role.ADMIN).get(f"{V1}reports/performance/mine/").json()
    assert (admin["row"], admin["rewards"]) == (None, None)


def test_readings_come_as_messages_or_as_a_file(held) -> None:
    """R29, R30: what was read, what differs, which line cannot be used and why."""
    finance = asking(role=Role.FINANCE)
    text = f"{held.msisdn[3:]} 【中国移动】话费余额为12.34元。\n【中国移动】您好。"
    done = finance.post(f"{V1}balances/readings/", {"text": text}, format="json")
    assert done.status_code == 201, done.json()
    assert done.json()["stored"] == 1
    assert [reason["line"] for reason in done.json()["refused"]] == [2]
    assert [one["card"] for one in done.json()["differing"]] == [held.pk]
    listed = finance.get(f"{V1}balances/readings/").json()["results"]
    assert [(one["id"], one["balance"]) for one in listed] == [(BalanceReading.objects.get().pk, "12.34")]
    assert finance.post(f"{V1}balances/readings/", {}, format="json").status_code == 400


def test_the_matrix_says_what_is_wrong_without_an_id_number(team, held) -> None:
    """R23, R74: of the scope; people are ids."""
    registrant = RegistrantFactory()
    card = CardFactory(team=team, registrant=registrant)
    api = asking(role=Role.SUPERVISOR, scope=team)
    rows = {row["id"]: row for row in api.get(f"{V1}real-name/").json()["results"]}
    assert rows.keys() == {card.pk, held.pk}
    assert rows[card.pk]["registrant"] == registrant.pk
    assert "no_registrant" in rows[held.pk]["faults"]
    assert rows[held.pk]["holder"] == held.holder.agent.pk if held.holder else True


def test_why_somebody_sees_a_card_or_not(supervisor, held, team) -> None:
    """R12: each thing that is asked, in turn; what cannot be meant is named."""
    other = PersonFactory(role=Role.SUPERVISOR, team=team, scope=TeamFactory())
    told = supervisor.get(f"{V1}why/", {"person": other.staff_no, "thing": held.iccid}).json()
    assert (told["person"], told["sees"]) == (other.pk, False)
    assert [check["code"] for check in told["checks"] if not check["holds"]] == ["other_team"]
    missing = supervisor.get(f"{V1}why/", {"person": "nobody"})
    assert (missing.status_code, {one["field"] for one in missing.json()["details"]}) == (400, {"person", "thing"})
    assert supervisor.get(f"{V1}why/", {"colour": "red"}).status_code == 400
