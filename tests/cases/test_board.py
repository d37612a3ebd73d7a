"""The list, the board, the calendar and the figures of cases."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.notify.models import InboxItem
from lifecycle.choices import CaseColumn
from lifecycle.models import Case
from lifecycle.selectors.cases.columns import board_columns
from lifecycle.selectors.cases.figures import ended_cases, loss_reports
from lifecycle.selectors.cases.progress import next_steps, with_column
from lifecycle.services.cases import close_case
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory, CarrierFactory
from tests.factories.cases import CaseFactory, do

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def supervisor(reference, client):
    """A supervisor of a team, signed in."""
    person = PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory())
    client.force_login(person)
    return person


def team_of(person):
    return person.scope_grants.get().team


def fault(card, *, at=FRIDAY, told=False):
    """A fault, told to the carrier or not."""
    case = CaseFactory(card=card, kind="fault", reason="unknown", now=at)
    if told:
        do(case, "diagnose", given={"fault": "noise", "area": "city"}, now=at)
        do(case, "ticket", given={"ticket": "T", "new_sim": False}, now=at)
    return case


def column_of(case) -> str:
    return with_column(Case.objects.filter(pk=case.pk)).get().column


def test_a_step_that_may_be_left_out_is_not_what_a_case_waits_for(reference):
    """R54: once the carrier is asked to restore a card, the others answer, whatever else could be done."""
    case = CaseFactory(card=CardFactory(), kind="suspension", reason="maintenance")
    do(case, "contact", given={"channel": "hotline"})
    do(case, "cause", given={"cause": "maintenance"})
    assert case.steps.ahead().filter(state="open").order_by("position")[0].code == "contingency"
    assert (column_of(case), next_steps([case])[case.pk].code) == ("others", "resume")


def test_cases_stand_by_what_they_wait_for():
    """R54: new ones, ours, those others answer, those to be closed; late ones are counted."""
    new, others = fault(CardFactory()), fault(CardFactory(), told=True)
    ours = fault(CardFactory())
    do(ours, "diagnose", given={"fault": "noise", "area": "city"})
    assert [column_of(case) for case in (new, ours, others)] == ["new", "ours", "others"]
    do(others, "repair", given={"cause": "other"}, now=FRIDAY + HOUR)
    do(others, "test", given={"score": 5, "cause": ""}, now=FRIDAY + HOUR)
    assert column_of(others) == "ending"
    close_case(case_id=others.pk, outcome="restored", actor=None, now=FRIDAY + HOUR)
    assert column_of(others) == "ended"
    columns = {one.column: one for one in board_columns(Case.objects.all(), now=FRIDAY + 5 * HOUR)}
    assert {name: (one.count, one.late) for name, one in columns.items() if one.count} == {
        CaseColumn.NEW: (1, 1),
        CaseColumn.OURS: (1, 1),
    }
    assert (columns["new"].rows[0].tone, columns["new"].rows[0].case) == ("red", new)


def test_the_pages_show_the_scope_by_a_fixed_number_of_queries(client, supervisor):
    """The list is filtered by its address; list, board and calendar take as many queries for three cases as for one."""
    team = team_of(supervisor)
    fault(CardFactory(team=team), told=True)
    fault(CardFactory(team=TeamFactory()))
    pages = [reverse(f"lifecycle:{name}") for name in ("cases", "case-board", "case-month")]
    pages.append(f"{pages[0]}?column=others&clock=week&search=1")
    counts = []
    for _round in range(2):
        answers = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                answers.append(client.get(page))
            counts.append(len(asked))
        for _more in range(2):
            fault(CardFactory(team=team), told=True)
    assert counts[:4] == counts[4:]
    assert {answer.status_code for answer in answers} == {200}
    assert len(answers[0].context["rows"]) == 3
    assert client.get(f"{pages[0]}?column=nonsense").status_code == 400
    assert client.get(f"{pages[1]}?mine=true").context["columns"][0].count == 0


def test_many_are_assigned_and_escalated_at_once(client, supervisor):
    """R18, R54: the ticked cases get a person or a higher level; each that could not is named with why."""
    cases = [fault(CardFactory(team=team_of(supervisor))) for _each in range(2)]
    deeds, ids = reverse("lifecycle:case-deeds"), [case.pk for case in cases]
    assert client.post(deeds, {"pick": ids, "deed": "assign"}).status_code == 400
    assert client.post(deeds, {"pick": ids, "deed": "assign", "person": supervisor.pk}).status_code == 302
    raised = {"pick": ids[:1], "deed": "escalate", "level": 2, "reason": "no answer"}
    assert client.post(deeds, raised).status_code == 302
    answer = client.post(deeds, {**raised, "pick": ids})
    assert (answer.status_code, len(answer.context["rows"])) == (409, 1)
    assert list(Case.objects.order_by("pk").values_list("assignee", "level")) == [(supervisor.pk, 2)] * 2


def test_all_that_a_list_shows_are_given_by_a_fixed_number_of_queries(client, supervisor):
    """R54: not only what stands on the page; of another scope or filter none; the person is told once."""
    team, mate = team_of(supervisor), PersonFactory(role=Role.COMPLIANCE)
    others = [fault(CardFactory()), CaseFactory(card=CardFactory(team=team))]
    address = f"{reverse('lifecycle:case-deeds')}?kind=fault"
    asked, counts = {"all_found": "1", "deed": "assign", "person": mate.pk}, []
    for times in (2, 4):
        for _each in range(times):
            fault(CardFactory(team=team))
        with CaptureQueriesContext(connection) as caught:
            assert client.post(address, asked).status_code == 302
        counts.append(len(caught))
    assert counts[0] == counts[1]
    assert Case.objects.filter(assignee=mate).count() == 6
    assert [Case.objects.get(pk=one.pk).assignee for one in others] == [None, None]
    assert InboxItem.objects.filter(user=mate, code="lifecycle.cases_given").count() == 2


def test_figures_of_ended_cases(client, supervisor):
    """R43, R52: median and 90th percentile of the hours until cards were back, share, fees; time to report; a CSV."""
    facts = {"team": team_of(supervisor), "carrier": CarrierFactory()}
    for hours in (1, 2, 9):
        case = fault(CardFactory(**facts), told=True)
        end = FRIDAY + hours * HOUR
        do(case, "repair", given={"cause": "other"}, now=end)
        do(case, "test", given={"score": 5, "cause": ""}, now=end)
        Case.objects.filter(pk=case.pk).update(facts={**case.facts, "cost": "10.5"})
        close_case(case_id=case.pk, outcome="restored", actor=None, now=end)
    rest = fault(CardFactory(**facts))
    close_case(case_id=rest.pk, outcome="withdrawn", actor=None, now=FRIDAY + HOUR)
    fault(CardFactory())
    timely = CaseFactory(card=CardFactory(**facts), kind="reverification", reason="fraud_model")
    Case.objects.filter(pk=timely.pk).update(outcome="kept", closed_at=FRIDAY + HOUR)
    rows = ended_cases(supervisor, FRIDAY, FRIDAY + 10 * HOUR)
    assert [(row.cases, row.back, row.share, row.median, row.slowest, row.cost) for row in rows] == [
        (4, 3, Decimal("75.0"), Decimal("2.0"), Decimal("7.6"), Decimal("31.5")),
        (1, 1, Decimal("100.0"), Decimal("1.0"), Decimal("1.0"), Decimal("0")),
    ]
    assert loss_reports(supervisor, FRIDAY, FRIDAY + HOUR).losses == 0
    page = client.get(reverse("lifecycle:case-figures"), {"days": 365})
    assert page.status_code == 200
    lines = b"".join(client.get(reverse("lifecycle:case-figures"), {"days": 365, "form": "csv"})).decode("utf-8-sig")
    assert len(lines.strip().splitlines()) == len(page.context["rows"]) + 1
