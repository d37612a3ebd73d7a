"""Views and reports over the API: what their pages do, for the same people."""

import pytest
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cardfleet.lists.models import DefaultView, SavedView, ScheduledReport
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.lists import SavedViewFactory, ScheduledReportFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
VIEWS, REPORTS = "/api/v1/views/", "/api/v1/scheduled-reports/"
STOPPED = {"listing": "cards", "name": "East stopped", "query": "stopped=true&columns=state&sort=risk&size=25"}


def api_of(person) -> APIClient:
    client = APIClient(headers={"accept-language": "en"})
    client.force_authenticate(person)
    return client


@pytest.fixture
def supervisor():
    team = TeamFactory()
    return PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)


def test_a_view_is_kept_opens_is_changed_and_removed(supervisor) -> None:
    """R64: it holds a question; its owner alone changes it, and the reports made from it end with it."""
    api = api_of(supervisor)
    kept = api.post(VIEWS, {**STOPPED, "opens": True, "team": supervisor.team_id})
    assert kept.status_code == 201, kept.json()
    view = kept.json()
    assert (view["query"], view["columns"], view["sort"], view["size"]) == (
        "stopped=true",
        ["number", "state"],
        "risk",
        25,
    )
    assert (view["opens"], view["may_change"], view["shared_team"]) == (True, True, supervisor.team_id)
    url = f"{VIEWS}{view['id']}/"
    changed = api.post(f"{url}change/", {"name": "Stopped", "query": "stopped=false"}).json()
    assert (changed["name"], changed["query"], changed["shared_team"]) == (
        "Stopped",
        "stopped=false",
        supervisor.team_id,
    )
    assert api.post(f"{url}opening/", {"on": False}).json()["opens"] is False
    colleague = api_of(PersonFactory(role=Role.SUPERVISOR, scope=supervisor.team, team=supervisor.team))
    assert [one["may_change"] for one in colleague.get(VIEWS).json()["results"]] == [False]
    assert [colleague.post(f"{url}{deed}/").status_code for deed in ("change", "remove")] == [404, 404]
    ScheduledReportFactory(view=SavedView.objects.get())
    assert api.post(f"{url}remove/").json() == {"stopped": 1}
    assert (SavedView.objects.count(), DefaultView.objects.count()) == (0, 0)
    assert set(Entry.objects.filter(action__startswith="lists.view_").values_list("action", flat=True)) == {
        "lists.view_saved", "lists.view_changed", "lists.view_deleted"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"listing": "moons"}, 404, "not_found"),
        ({"query": "colour=red"}, 400, "list_unusable"),
        ({"role": "finance"}, 403, "may_not_share"),
        ({"name": "Taken"}, 400, "view_name_taken"),
        ({"colour": "red"}, 400, "bad_input"),
        ({"listing": "payments"}, 403, "not_allowed"),
    ],
)
def test_a_view_that_does_not_hold_is_not_kept(wrong, status, code, supervisor) -> None:
    SavedViewFactory(owner=supervisor, name="Taken")
    refused = api_of(supervisor).post(VIEWS, {**STOPPED, **wrong})
    assert (refused.status_code, refused.json()["code"]) == (status, code), refused.json()
    assert SavedView.objects.count() == 1


def test_what_a_role_opens_with_is_changed_by_administrators() -> None:
    """They change a view shared with a role, though it is none of their own lists' tabs."""
    view = SavedViewFactory(owner=PersonFactory(role=Role.ADMIN), shared_role="finance")
    admin, finance = (api_of(PersonFactory(role=role)) for role in (Role.ADMIN, Role.FINANCE))
    assert finance.post(f"{VIEWS}{view.pk}/opening/", {"on": True, "role": "finance"}).status_code == 403
    assert finance.post(f"{VIEWS}{view.pk}/opening/", {"on": True}).json()["opens"] is True
    tag = admin.get(f"{VIEWS}{view.pk}/")["ETag"]
    assert admin.post(f"{VIEWS}{view.pk}/change/", {"name": "Due"}, headers={"If-Match": tag}).json()["name"] == "Due"
    assert admin.post(f"{VIEWS}{view.pk}/change/", {"name": "Gone"}, headers={"If-Match": tag}).status_code == 412
    shared = finance.get(f"{VIEWS}{view.pk}/").json()
    assert (shared["shared_role"], shared["may_change"]) == ("finance", False)


def test_a_report_is_made_changed_stopped_and_goes_on(supervisor) -> None:
    """R64: what is not named stays; whoever may end all reports stops it, but does not change it."""
    api, view = api_of(supervisor), SavedViewFactory(owner=supervisor)
    body = {"view": view.pk, "every": "week", "weekday": 5, "at": "07:15", "recipients": [supervisor.pk]}
    made = api.post(REPORTS, body)
    assert made.status_code == 201, made.json()
    report = made.json()
    assert (report["form"], report["every"], report["weekday"], report["at"]) == ("xlsx", "week", 5, "07:15:00")
    url = f"{REPORTS}{report['id']}/"
    changed = api.post(f"{url}change/", {"form": "csv"}).json()
    assert (changed["form"], changed["weekday"], changed["recipients"]) == ("csv", 5, [supervisor.pk])
    admin, stranger = (api_of(PersonFactory(role=role)) for role in (Role.ADMIN, Role.SUPERVISOR))
    assert stranger.get(url).status_code == 404
    assert admin.post(f"{url}change/", {"form": "xlsx"}).status_code == 404
    assert admin.post(f"{url}switch/", {"is_active": False}).json()["stopped_why"] == "by_hand"
    assert admin.post(f"{url}switch/", {"is_active": True}).status_code == 404
    assert api.post(f"{url}switch/", {"is_active": True}).json()["stopped_at"] is None
    assert api.get(url).json()["runs"] == []
    view.delete()
    assert api.post(f"{url}switch/", {"is_active": False}).status_code == 200
    ended = api.post(f"{url}switch/", {"is_active": True})
    assert (ended.status_code, ended.json()["code"]) == (409, "report_ended")


def test_a_report_that_does_not_hold_is_not_made(supervisor) -> None:
    """Another's view, people who may not see the list, a day there is none of."""
    own, others = (SavedViewFactory(owner=owner) for owner in (supervisor, PersonFactory(role=Role.SUPERVISOR)))
    right = {"view": own.pk, "recipients": [supervisor.pk]}
    agent = PersonFactory(role=Role.AGENT, team=supervisor.team)
    for wrong in ({"view": others.pk}, {"recipients": [agent.pk]}, {"recipients": []}, {"day": 32}, {"at": "25:00"}):
        assert api_of(supervisor).post(REPORTS, {**right, **wrong}).status_code == 400, wrong
    assert not ScheduledReport.objects.exists()
