"""Lists by their address, and views kept of them."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job
from cardfleet.jobs.tasks import run_job
from cardfleet.journal.filters import EntryFilter
from cardfleet.journal.models import Entry
from cardfleet.lists.exporters import files
from cardfleet.lists.models import DefaultView, SavedView
from cards.choices import ServiceState
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory
from tests.factories.lists import SavedViewFactory

FLEET = reverse("lifecycle:fleet")
pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def team(db):
    return TeamFactory()


@pytest.fixture
def supervisor(client, team):
    person = PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)
    client.force_login(person)
    return person


def codes(answer) -> list[str]:
    return [fault.code for fault in answer.context["asked"].faults]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("colour=red", "unknown_filter"),
        ("service_state=broken", "unusable_value"),
        ("columns=number&columns=moon", "unknown_column"),
        ("sort=moon", "unknown_sort"),
        ("size=7", "unknown_size"),
        ("expires_within=-1", "unusable_value"),
    ],
)
def test_an_address_edited_by_hand_says_what_does_not_fit(client, supervisor, team, query, code) -> None:
    card = CardFactory(team=team)
    answer = client.get(f"{FLEET}?{query}")
    assert (answer.status_code, codes(answer)) == (400, [code])
    assert reverse("lifecycle:card", args=[card.pk]) not in answer.content.decode()
    assert client.get(f"{reverse('lists:export', args=['cards'])}?{query}").status_code == 400


def test_columns_sort_and_page_size_come_from_the_address(client, supervisor, team) -> None:
    CardFactory.create_batch(2, team=team, region="上海")
    answer = client.get(FLEET, {"columns": ["region", "state"], "sort": "-number", "size": "25"})
    assert [column.code for column in answer.context["columns"]] == ["number", "region", "state"]
    assert "上海" in answer.content.decode()
    rows = [row.card.msisdn for row in answer.context["listed"].rows]
    assert rows == sorted(rows, reverse=True)
    menu = client.get(
        reverse("lists:columns", args=["cards"]), {"columns": "region", "stopped": "true"}
    ).content.decode()
    assert 'name="stopped" value="true"' in menu
    assert menu.count(" checked") == 2


def test_a_view_is_kept_opened_by_itself_changed_and_deleted(client, supervisor, team) -> None:
    given = {"name": "East stopped", "query": "stopped=true&columns=state&sort=risk&page=3", "opens": "on"}
    kept = client.post(reverse("lists:save", args=["cards"]), given)
    view = SavedView.objects.get()
    assert (view.query, view.columns, view.sort) == ("stopped=true", ["number", "state"], "risk")
    assert kept["Location"] == f"{FLEET}{view.address}"
    assert client.get(FLEET)["Location"] == kept["Location"]
    shown = client.get(kept["Location"])
    assert shown.context["view"] == view
    assert not shown.context["view_changed"]
    assert client.get(f"{FLEET}?view=all").context["view"] is None
    changed = f"view={view.pk}&risk=high"
    assert client.get(f"{FLEET}?{changed}").context["view_changed"]
    assert (
        f'action="{reverse("lists:change", args=[view.pk])}"'
        in client.get(f"{reverse('lists:views', args=['cards'])}?{changed}").content.decode()
    )
    client.post(reverse("lists:change", args=[view.pk]), {"query": changed})
    view.refresh_from_db()
    assert (view.query, view.columns) == ("risk=high", [])
    client.post(reverse("lists:delete", args=[view.pk]))
    assert not DefaultView.objects.exists()
    assert client.get(FLEET).status_code == 200


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"name": "Twice", "query": ""}, 422),
        ({"name": "", "query": ""}, 422),
        ({"name": "New", "query": "colour=red"}, 422),
        ({"name": "New", "query": "", "team": "elsewhere"}, 422),
        ({"name": "New", "query": "", "role": "finance"}, 302),
    ],
)
def test_what_cannot_be_kept_comes_back_with_what_was_entered(client, supervisor, team, given, status) -> None:
    """A supervisor shares with teams in scope; a role is not theirs to choose, and is left out."""
    SavedViewFactory(owner=supervisor, name="Twice")
    if given.get("team"):
        given = {**given, "team": TeamFactory().pk}
    answer = client.post(reverse("lists:save", args=["cards"]), given)
    assert answer.status_code == status
    assert SavedView.objects.count() == (2 if status == 302 else 1)
    assert not SavedView.objects.exclude(shared_role="").exists()


def test_a_shared_view_shows_everybody_their_own_scope(client, supervisor, team) -> None:
    """R12: shared is the question; a role's view opens for it, a person's own choice goes before."""
    colleague, stranger = PersonFactory(role=Role.SUPERVISOR, team=team), PersonFactory(role=Role.SUPERVISOR)
    administrator = PersonFactory(role=Role.ADMIN)
    CardFactory(team=team, service_state=ServiceState.FULL_STOP)
    SavedViewFactory(owner=supervisor, shared_team=team, name="Ours")
    of_role = SavedViewFactory(owner=administrator, shared_role=Role.SUPERVISOR, name="All supervisors")
    client.force_login(administrator)
    opening = reverse("lists:opening", args=[of_role.pk])
    assert client.post(opening, {"on": "1", "role": Role.SUPERVISOR}).status_code == 302
    client.force_login(colleague)
    assert client.get(FLEET)["Location"] == f"{FLEET}{of_role.address}"
    shown = client.get(f"{FLEET}{of_role.address}")
    assert [tab.label for tab in shown.context["tabs"]][-2:] == ["All supervisors", "Ours"]
    assert not shown.context["listed"].rows
    assert client.post(opening, {"on": "1", "role": Role.SUPERVISOR}).status_code == 403
    client.force_login(stranger)
    assert [tab.label for tab in client.get(f"{FLEET}?view=all").context["tabs"]][-1:] == ["All supervisors"]


def test_the_list_asks_once_for_all_views(client, supervisor, team) -> None:
    """At most 8 queries, however many views there are."""
    CardFactory.create_batch(2, team=team)
    asked = []
    for _more in range(2):
        SavedViewFactory(owner=supervisor, shared_team=team)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(FLEET, {"view": "all"}).status_code == 200
        asked.append(len(seen))
    assert asked[0] == asked[1] <= 8


def test_a_file_holds_the_columns_of_the_page_and_leaves_a_trace(client, supervisor, team) -> None:
    """R64: who took out what, by the names of the filters; numbers whole for those who may see them."""
    card = CardFactory(team=team, region="上海")
    CardFactory()
    export = reverse("lists:export", args=["cards"])
    query = {"columns": ["region", "balance"], "search": card.msisdn[-4:], "form": "csv"}
    read = list(csv.reader(io.StringIO(client.get(export, query).getvalue().decode("utf-8-sig"))))
    assert [row[:3] for row in read[1:]] == [[card.iccid, f"'{card.msisdn}", "上海"]]
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(export, {**query, "form": "xlsx"}).getvalue()))
    assert book.get_sheet_by_index(0).to_python()[1][0] == card.iccid
    taken = client.get(export, query)
    number = taken["Content-Disposition"].rpartition("-")[2].removesuffix('.csv"')
    (entry,) = EntryFilter({"search": f"lists.file:{number}"}, Entry.objects.all()).qs
    assert taken.getvalue()
    assert (entry.action, entry.data["form"]) == ("lists.list_exported", "csv")
    entry = Entry.objects.filter(action="lists.list_exported", data__form="xlsx").latest("id")
    assert (entry.data["form"], entry.data["filters"]) == ("xlsx", ["search"])
    assert card.msisdn[-4:] not in str(entry.data)


@pytest.mark.parametrize(
    ("form", "columns", "jobs"), [("xlsx", "region", 1), ("csv", "balance", 1), ("csv", "region", 0)]
)
def test_a_long_list_is_written_by_a_job(client, supervisor, team, monkeypatch, form, columns, jobs) -> None:
    """What Python puts into cells row by row does not keep a request waiting; what the database writes streams."""
    monkeypatch.setattr(files, "MOST_AT_ONCE", 2)
    CardFactory.create_batch(3, team=team)
    answer = client.get(reverse("lists:export", args=["cards"]), {"columns": columns, "form": form})
    assert Job.objects.count() == jobs
    if not jobs:
        assert answer.getvalue().decode().count("\n") == 4
        return
    job = Job.objects.get()
    assert answer["Location"] == reverse("jobs:detail", args=[job.pk])
    assert not Entry.objects.filter(action="lists.list_exported").exists()
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.succeeded, job.result_file.name.rpartition(".")[2]) == ("done", 3, form)
    assert Entry.objects.filter(action="lists.list_exported").count() == 1
    assert client.get(reverse("files:download", args=[job.result_file.pk])).getvalue()
