"""The cost page, its trend and its exports."""

import csv
import re
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.urls import reverse

from billing.choices import EntryKind
from billing.selectors.cost_rows import CostBy, Figures
from billing.services import ledger
from cardfleet.accounts.choices import Role
from cardfleet.journal.filters import EntryFilter
from cardfleet.journal.models import Entry
from cardfleet.lists.models import ReportRun, SavedView
from cardfleet.lists.tasks import send_reports
from tests.billing.conftest import at
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory
from tests.factories.billing import AccountFactory, held
from tests.factories.cards import CardFactory
from tests.factories.lists import ScheduledReportFactory

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def team(db):
    return TeamFactory()


@pytest.fixture
def fleet(team):
    """A function that makes cards held by agents of a team, at 30 yuan in November."""

    def make(count: int) -> None:
        for _each in range(count):
            card = CardFactory(team=team)
            held(card, AgentFactory(user__team=team), at(1))
            account = AccountFactory(cards=[card])
            ledger.post(
                account=account, card=card, kind=EntryKind.MONTHLY_FEE, amount=Decimal(-30), actor=None, now=at(1)
            )

    return make


@pytest.fixture
def finance(client):
    client.force_login(PersonFactory(role=Role.FINANCE))


@pytest.mark.parametrize("by", [by.value for by in CostBy])
def test_the_page_adds_up(by, fleet, client, finance):
    fleet(2)
    answer = client.get(reverse("billing:costs"), {"month": "2026-11", "by": by, "anew": 1})
    assert answer.status_code == 200
    report = answer.context["report"]
    assert report.total.total == Decimal("60.00")
    assert "¥60.00" in answer.content.decode()


def test_the_page_needs_as_many_queries_for_three_cards_as_for_one(
    fleet, client, finance, django_assert_num_queries, django_assert_max_num_queries
):
    fleet(1)
    url = reverse("billing:costs") + "?month=2026-11&by=agent"
    client.get(url)
    with django_assert_max_num_queries(14) as first:
        client.get(url)
    fleet(2)
    with django_assert_num_queries(len(first)):
        client.get(url)


def test_the_trend_covers_six_months(fleet, team, client, finance):
    fleet(1)
    chart = client.get(reverse("billing:costs-trend"), {"month": "2026-12"}).context["chart"]
    assert [row[0] for row in chart.rows] == ["2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12"]
    assert chart.rows[4][1:] == ["30.00", "30.00"]
    assert chart.heads[1] == team.name


def test_exports_carry_the_same_figures_and_are_journalled(fleet, client, finance):
    """R64: what leaves by an export is written down with who took it; a CSV's name leads to the entry."""
    fleet(2)
    url = reverse("billing:costs-export")
    taken = client.get(url, {"month": "2026-11", "by": "team", "format": "csv"})
    text = b"".join(taken.streaming_content)
    number = re.search(r"costs-2026-11-team-([0-9a-f]{8})\.csv", taken["Content-Disposition"])[1]
    (entry,) = EntryFilter({"search": f"billing.costs:{number}"}, Entry.objects.all()).qs
    assert (str(entry.actor_id), entry.data["by"]) == (client.session["_auth_user_id"], "team")
    assert list(csv.reader(StringIO(text.decode("utf-8-sig"))))[-1][-1] == "60.00"
    content = client.get(url, {"month": "2026-11", "by": "team", "format": "xlsx"}).content
    sheet = openpyxl.load_workbook(BytesIO(content), data_only=True).active
    assert [row[-1].value for row in sheet.iter_rows(min_row=2)] == [60, 60]
    assert Entry.objects.filter(action="billing.costs_exported").count() == 2


def test_a_supervisor_sees_the_own_scope_and_an_agent_nothing(fleet, team, client):
    fleet(1)
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()))
    assert client.get(reverse("billing:costs"), {"month": "2026-11"}).context["report"].total.total == 0
    client.force_login(PersonFactory(role=Role.AGENT))
    for name in ("costs", "costs-trend", "costs-export"):
        assert client.get(reverse(f"billing:{name}")).status_code == 403
    assert not Entry.objects.filter(action="billing.costs_exported").exists()


@pytest.mark.parametrize(
    "query",
    [
        {"month": "2026-13"},
        {"month": "later"},
        {"by": "weather"},
        {"against": "never"},
        {"of": "team", "key": "x"},
        {"figures": "all"},
    ],
)
def test_an_address_that_cannot_be_used_is_refused(query, client, finance):
    assert client.get(reverse("billing:costs"), query).status_code == 400


def test_this_month_is_shown_where_none_is_named(client, finance):
    assert client.get(reverse("billing:costs")).context["report"].month.day == 1


@pytest.mark.parametrize("view", [view.value for view in Figures])
def test_each_kind_of_figures_has_its_columns_and_its_total(view, fleet, client, finance):
    fleet(2)
    answer = client.get(reverse("billing:costs"), {"month": "2026-11", "figures": view, "by": "card"})
    context = answer.context
    assert context["foot"][-1] == "60.00"
    assert {len(cells) for _row, cells in context["rows"]} == {len(context["columns"])} == {len(context["foot"])}


def test_a_row_opens_into_its_cards_and_those_into_entries_and_calls(fleet, team, client, finance):
    """R13: from the report to the ledger and the calls behind it."""
    fleet(2)
    page = client.get(reverse("billing:costs"), {"month": "2026-11"}).content.decode()
    drill = f"by=card&amp;of=team&amp;key={team.pk}"
    assert drill in page.replace("month=2026-11&amp;", "")
    answer = client.get(reverse("billing:costs"), {"month": "2026-11", "by": "card", "of": "team", "key": team.pk})
    assert answer.context["part_name"] == team.name
    assert answer.content.decode().count(f"{reverse('billing:ledger')}?card=") == 2
    rows = answer.context["report"].rows
    entries = client.get(reverse("billing:ledger"), {"card": rows[0].key, "month": "2026-11-01"})
    assert entries.status_code == 200


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_report_is_kept_as_a_view_and_sent_regularly(form, fleet, client, time_machine):
    """R66: finance has last month's costs by e-mail, as of the day it is sent, with the masks of who had it sent."""
    fleet(2)
    person, december = PersonFactory(role=Role.FINANCE), FRIDAY.replace(month=12, day=1)
    time_machine.move_to(december, tick=False)
    client.force_login(person)
    client.post(reverse("lists:save", args=["costs"]), {"name": "Agents", "query": "by=agent&month=last"})
    view = SavedView.objects.get()
    page = client.get(f"{reverse('billing:costs')}?{view.query}&view={view.pk}")
    assert (page.context["report"].month.month, page.context["report"].by) == (11, CostBy.AGENT)
    ScheduledReportFactory(view=view, form=form, next_at=december, recipients=[person])
    assert send_reports(on=december.date(), now=december) == {"sent": 1, "not_sent": 0}
    run = ReportRun.objects.get()
    assert run.rows == 2
    number = re.search(r"Agents-20261201-([0-9a-f]{8})\.", run.file.name)[1]
    (entry,) = EntryFilter({"search": f"lists.file:{number}"}, Entry.objects.all()).qs
    assert (entry.action, entry.actor) == ("lists.report_sent", person)
    if form == "xlsx":
        with run.file.content.open() as file:
            about = openpyxl.load_workbook(file).worksheets[-1]
        assert f"lists.file:{number}" in [row[1].value for row in about.iter_rows()]
    if form == "csv":
        with run.file.content.open() as file:
            assert list(csv.reader(StringIO(file.read().decode("utf-8-sig"))))[-1][-1] == "60.00"
    refused = client.post(reverse("lists:save", args=["costs"]), {"name": "Odd", "query": "by=moon"})
    assert (refused.status_code, SavedView.objects.count()) == (422, 1)
