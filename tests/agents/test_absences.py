"""Absences: recorded, ended, from a file, over the API, on the agent's page and in the list."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from agents.choices import AbsenceKind, AgentStatus
from agents.errors import AbsenceNotUsable, AbsenceOver, AbsentThen, AgentHasLeft
from agents.models import Absence, Agent
from agents.services.absences import end_absence, record_absence
from agents.services.agent_import import import_agents
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from tests.agents.test_agent_import import HEAD, company, sheet  # noqa: F401 - a fixture
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AbsenceFactory, AgentFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)


def away(agent, first, last, **facts):
    given = {"kind": AbsenceKind.SICK, "actor": None, "now": FRIDAY, **facts}
    return record_absence(agent_id=agent.pk, starts_on=first, ends_on=last, **given)


def test_an_absence_is_recorded_once_and_journalled():
    agent = AgentFactory()
    absence = away(agent, TODAY, TODAY + DAY)
    assert list(Agent.objects.absent_on(TODAY + DAY)) == [agent]
    assert list(Agent.objects.absent_on(TODAY + 2 * DAY)) == []
    assert Entry.objects.get(action="agents.absence_recorded").data == {
        "starts_on": "2026-11-20",
        "ends_on": "2026-11-21",
    }
    with pytest.raises(AbsentThen):
        away(agent, TODAY + DAY, TODAY + 3 * DAY)
    assert list(Absence.objects.all()) == [absence]


@pytest.mark.parametrize(("first", "last"), [(TODAY, TODAY - DAY), (TODAY, TODAY + 401 * DAY)])
def test_days_that_make_no_sense_are_refused(first, last):
    with pytest.raises(AbsenceNotUsable):
        away(AgentFactory(), first, last)


def test_who_has_left_is_not_absent():
    with pytest.raises(AgentHasLeft):
        away(AgentFactory(status=AgentStatus.LEFT, left_on=TODAY), TODAY, TODAY)


def test_somebody_back_early_keeps_the_days_that_passed():
    """Days away stay known; what has not begun is called off; what is over cannot be ended."""
    begun = AbsenceFactory(starts_on=TODAY - 2 * DAY, ends_on=TODAY + DAY)
    ahead = AbsenceFactory(starts_on=TODAY + DAY)
    for absence in (begun, ahead):
        end_absence(absence_id=absence.pk, actor=None, now=FRIDAY)
        absence.refresh_from_db()
    assert (begun.ends_on, begun.withdrawn_at) == (TODAY - DAY, None)
    assert ahead.withdrawn_at == FRIDAY
    for absence in (begun, ahead):
        with pytest.raises(AbsenceOver):
            end_absence(absence_id=absence.pk, actor=None, now=FRIDAY)


def test_a_file_brings_absences_and_comes_twice(company, now):  # noqa: F811
    """Design, section 8: the agent file; the same rows again change nothing, a wrong one names its column."""
    from_file = HEAD.strip() + ",请假开始,请假结束,请假类型\n"
    good = "A1001,许诺,华东一组,,,,2026-11-20,2026-11-24,病假\nA1002,林悦宁,华东一组,,,,2026-11-23,,\n"
    bad = "A1003,郑凯,华东一组,,,,,2026-11-24,\nA1004,何嘉怡,华东一组,,,,2026-11-20,,旷工\n"
    first = run(from_file + good + bad, now)
    again = run(from_file + good, now)
    assert [(line.number, line.reasons[0].column) for line in first.refused] == [(4, "请假结束"), (5, "请假类型")]
    assert (len(first.sign_ins), again.updated, again.unchanged) == (2, 0, 2)
    assert list(Absence.objects.order_by("pk").values_list("kind", "starts_on", "ends_on")) == [
        ("sick", TODAY, date(2026, 11, 24)),
        ("leave", date(2026, 11, 23), date(2026, 11, 23)),
    ]


def run(text, now):
    return import_agents(sheet=sheet(text), actor=None, now=now)


def test_the_page_records_and_ends_and_the_list_shows_it(client, reference, time_machine):
    """R14: a supervisor enters it on the agent's page; a form that is refused keeps what was typed."""
    time_machine.move_to(FRIDAY, tick=False)
    team = TeamFactory()
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=team, team=team))
    agent = AgentFactory(user__team=team)
    page, given = (
        reverse("agents:absence", args=[agent.pk]),
        {"kind": "leave", "starts_on": "2026-11-20", "note": "year"},
    )
    assert client.post(page, given).status_code == 302
    refused = client.post(page, given)
    assert (refused.status_code, refused.context["absence_form"].data["note"]) == (422, "year")
    absence = Absence.objects.get()
    listed = client.get(reverse("agents:list"), {"absent": "true"}).context["listed"]
    assert [row.agent.absent_until for row in listed.rows] == [TODAY]
    ended = client.post(reverse("agents:absence-end", args=[agent.pk, absence.pk]))
    absence.refresh_from_db()
    assert (ended.status_code, absence.withdrawn_at) == (302, FRIDAY)


def test_the_api_writes_and_reads(reference, time_machine):
    """A personnel system writes absences, within the scope of who signs in."""
    time_machine.move_to(FRIDAY, tick=False)
    team = TeamFactory()
    api = APIClient()
    api.force_authenticate(PersonFactory(role=Role.SUPERVISOR, scope=team, team=team))
    agent, other = AgentFactory(user__team=team), AgentFactory()
    made = api.post("/api/v1/absences/", {"agent": agent.pk, "starts_on": "2026-11-20"})
    assert (made.status_code, made.data["ends_on"]) == (201, "2026-11-20")
    assert api.post("/api/v1/absences/", {"agent": other.pk, "starts_on": "2026-11-20"}).status_code == 400
    assert api.post("/api/v1/absences/", {"agent": agent.pk, "starts_on": "2026-11-20"}).status_code == 409
    found = api.get("/api/v1/absences/", {"on": "2026-11-20"}).json()["results"]
    assert [row["id"] for row in found] == [made.data["id"]]
    assert api.post(f"/api/v1/absences/{made.data['id']}/end/").status_code == 200
    assert not Agent.objects.absent_on(TODAY).exists()
