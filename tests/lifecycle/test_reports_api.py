"""Reports of the API: the figures of their pages, in the scope of who asks, and as files (R12, R41, R64, R70)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from billing.models import RetentionRule
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cards.services.states import change_service_state
from lifecycle.choices import RiskBand
from lifecycle.services.cases import close_case
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory
from tests.factories.cards import CardFactory, DeviceFactory
from tests.factories.cases import CaseFactory
from tests.lifecycle.board.facts import risk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REPORTS = (
    *("carriers", "case-figures", "data-quality", "downtime", "performance", "purposes", "risk", "standby"),
    "retentionrule-list",
)


@pytest.fixture(autouse=True)
def friday(time_machine) -> None:
    time_machine.move_to(FRIDAY, tick=False)


def asking(**person) -> APIClient:
    client = APIClient(headers={"accept-language": "en"})
    client.force_authenticate(PersonFactory(**person))
    return client


@pytest.fixture
def stopped():
    """A card of a team stopped for an hour, and one of another team."""
    cards = [CardFactory(team=TeamFactory()) for _each in range(2)]
    for card in cards:
        at = FRIDAY - timedelta(hours=1)
        change_service_state(
            card_id=card.pk, to="full_stop", reason="arrears", source="carrier_sms", at=at, actor=None, now=FRIDAY
        )
    return cards


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_knows_its_words_only(name: str) -> None:
    """R12: a misspelt word is named, never passed over; without one there is an answer."""
    assert asking(role=Role.ADMIN).get(reverse(f"api:{name}")).status_code == 200
    answer = asking(role=Role.ADMIN).get(reverse(f"api:{name}"), {"colour": "red"})
    assert (answer.status_code, answer.json()["details"][0]["field"]) == (400, "colour")


def test_the_downtime_of_a_scope_is_told_and_taken_out(stopped) -> None:
    """R41, R64: a supervisor's own team alone; a file is journalled with the names of what was asked."""
    mine = asking(role=Role.SUPERVISOR, scope=stopped[0].team)
    told = mine.get("/api/v1/reports/downtime/", {"by": "team", "month": "2026-11"}).json()
    assert [(row["key"], row["figures"]["hours"]) for row in told["rows"]] == [(stopped[0].team_id, "1.0")]
    assert (told["month"], told["by"], told["total"]["stops"]) == ("2026-11", "team", 1)
    assert asking(role=Role.ADMIN).get("/api/v1/reports/downtime/").json()["total"]["stops"] == 2


@pytest.mark.parametrize(
    ("path", "action", "name", "given"),
    [
        ("reports/downtime/?by=team", "lifecycle.downtime_exported", "downtime-2026-11-team", ["by"]),
        ("reports/performance/", "lifecycle.performance_exported", "performance-2026-11", []),
        ("devices/?kind=phone", "lifecycle.devices_exported", "devices-20261120", ["kind"]),
    ],
)
def test_what_is_a_file_too_is_taken_out_as_on_its_page(path, action, name, given, stopped) -> None:
    """R64: CSV and XLSX by Accept, with a name, and in the journal; JSON is no taking out."""
    AgentFactory(), DeviceFactory()
    api = asking(role=Role.ADMIN)
    answer = api.get(f"/api/v1/{path}")
    assert (answer["Content-Type"], "Accept" in answer["Vary"]) == ("application/json", True)
    assert not Entry.objects.filter(action=action).exists()
    for accept, suffix in (("text/csv", "csv"), (XLSX, "xlsx")):
        answer = api.get(f"/api/v1/{path}", headers={"accept": accept})
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(accept)
        marked = re.fullmatch(rf'attachment; filename="{name}-(\w+)\.{suffix}"', answer["Content-Disposition"])
        assert marked
        assert Entry.objects.filter(action=action).first().related == [f"lists.file:{marked[1]}"]
    assert [entry.data["filters"] for entry in Entry.objects.filter(action=action)] == [given] * 2


def test_a_file_of_devices_knows_no_words_of_pages() -> None:
    """What says how a page of the list looks is refused, in JSON."""
    for word in ("page_size", "fields", "cursor"):
        answer = asking(role=Role.ADMIN).get("/api/v1/devices/", {word: "1"}, headers={"accept": "text/csv"})
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/json")


@pytest.mark.parametrize(
    ("name", "word"), [("risk", "by"), ("case-figures", "days"), ("purposes", "month"), ("carriers", "month")]
)
def test_a_report_refuses_a_value_it_cannot_use(name: str, word: str) -> None:
    """R12: in the API nothing usual takes the place of what is wrong, as on a page."""
    answer = asking(role=Role.ADMIN).get(reverse(f"api:{name}"), {word: "moon"})
    assert (answer.status_code, answer.json()["details"][0]["field"]) == (400, word)


def test_reports_tell_what_their_pages_tell(stopped) -> None:
    """R14, R42, R43, R52, R55: of the supervisor's own team alone."""
    card = stopped[0]
    risk(card, score=80, band=RiskBand.HIGH)
    ended = CaseFactory(card=card, kind="fault", reason="unknown", now=FRIDAY - timedelta(hours=3))
    close_case(case_id=ended.pk, outcome="withdrawn", actor=None, now=FRIDAY - timedelta(hours=1))
    api = asking(role=Role.SUPERVISOR, scope=card.team)
    told = {name: api.get(f"/api/v1/reports/{name}/").json() for name in ("risk", "cases", "data-quality", "standby")}
    groups = told["risk"]["rows"]
    assert [(row["key"], row["high"], row["mean"], row["before"]) for row in groups] == [
        (card.team_id, 1, "80.0", None)
    ]
    assert [(row["kind"], row["cases"], row["back"]) for row in told["cases"]["rows"]] == [("fault", 1, 0)]
    assert told["data-quality"]["cards"] == 1
    assert "plan" in {gap["code"] for gap in told["data-quality"]["gaps"]} or card.plan_id
    assert [(row["carrier"], row["team"]) for row in told["standby"]["rows"]] == [(card.carrier_id, card.team_id)]
    scores = asking(role=Role.FINANCE).get("/api/v1/reports/carriers/").json()["rows"]
    assert sum(row["stopped"] for row in scores) == 2
    rows = api.get("/api/v1/reports/cases/", headers={"accept": "text/csv"})
    assert rows["Content-Disposition"] == 'attachment; filename="cases-2026-11-20-90.csv"'


def test_purposes_are_told_by_their_codes() -> None:
    """R3, R57: words belong to pages."""
    CardFactory(industry="赌博", purpose="sales")
    told = asking(role=Role.COMPLIANCE).get("/api/v1/reports/purposes/").json()
    (row,) = told["cards"]
    assert (row["purpose"], row["industry"], row["standing"]) == ("sales", "赌博", "forbidden")
    assert "赌博" in {one["industry"] for one in told["banned"]}


def test_a_run_that_asked_is_answered() -> None:
    """R83: what waits is named, confirmed with a reason, once."""
    rule = RetentionRule.objects.first()
    RetentionRule.objects.filter(pk=rule.pk).update(waiting=7000)
    api = asking(role=Role.COMPLIANCE)
    rows = api.get("/api/v1/compliance/retention/").json()["rows"]
    assert [row["category"] for row in rows if row["waiting"]] == [rule.category]
    address = f"/api/v1/compliance/retention/{rule.pk}/confirm/"
    assert api.post(address, {}, format="json").json()["details"][0]["field"] == "reason"
    done = api.post(address, {"reason": "The time is right"}, format="json")
    assert (done.status_code, done.json()["waiting"]) == (200, None)
    again = api.post(address, {"reason": "Once more"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "nothing_waits")
