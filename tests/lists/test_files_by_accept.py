"""The file of a list, by the form that is asked for in `Accept`: that of its page, whoever asks and however."""

import csv
import gzip
import io

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job
from cardfleet.jobs.tasks import run_job
from cardfleet.journal.models import Entry
from cardfleet.kernel.downloads import XLSX
from cardfleet.lists.exporters import files
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory, sign_in_freshly
from tests.factories.cards import CardFactory
from tests.lists.test_twins import CODES, VIEWS
from tests.lists.twins import SOME, WHOLE

pytestmark = pytest.mark.usefixtures("reference")
CARDS = "/api/v1/cards/"
EXPORTED = "lists.list_exported"


@pytest.fixture
def supervisor(db):
    team = TeamFactory()
    return PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)


def asking(person, *, accept: str = "text/csv", language: str = "en") -> APIClient:
    client = APIClient(headers={"accept": accept, "accept-language": language})
    client.force_authenticate(person)
    return client


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("code", CODES)
def test_a_list_as_csv_is_the_file_of_its_page(code: str, db, time_machine) -> None:
    """R64: the same columns, rows, masks and signs, and the same entry in the journal."""
    time_machine.move_to(FRIDAY, tick=False)
    person = PersonFactory(is_superuser=True, language="en")
    SOME[code]()
    whole = WHOLE.get(code, dict)()
    page = Client()
    sign_in_freshly(page, person)
    of_page = page.get(reverse("lists:export", args=[code]), whole)
    answer = asking(person).get(VIEWS[code][0], whole)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert body(answer) == body(of_page)
    entries = Entry.objects.filter(action=EXPORTED).order_by("pk")
    assert [(one.actor, one.data) for one in entries] == [(person, entries[0].data)] * 2
    number = entries[1].related[0].removeprefix("lists.file:")
    assert f"-{number}.csv" in answer["Content-Disposition"]


def test_nobody_takes_out_what_is_out_of_their_scope(supervisor) -> None:
    """R64: and a text that a spreadsheet would reckon with is none for it."""
    CardFactory(team=supervisor.team, msisdn="+8613912345678")
    CardFactory(msisdn="+8613987654321")
    rows = list(csv.reader(io.StringIO(body(asking(supervisor).get(CARDS)).decode())))
    assert [row[1] for row in rows[1:]] == ["'+8613912345678"]


def test_the_file_is_in_the_order_columns_and_language_asked_for(supervisor) -> None:
    """Titles in the language of Accept-Language; `columns` are those of the page."""
    cards = CardFactory.create_batch(3, team=supervisor.team)
    for ordering in ("-number", "-id"):
        answer = asking(supervisor).get(CARDS, {"ordering": ordering, "columns": ["number", "holder"]})
        rows = list(csv.reader(io.StringIO(body(answer).decode("utf-8-sig"))))
        assert rows[0] == ["ICCID", "Number", "Holder's staff number", "Holder", "Team"]
        assert [row[0] for row in rows[1:]] == [card.iccid for card in reversed(cards)]
    chinese = asking(supervisor, language="zh-Hans").get(CARDS)
    assert "号码" in body(chinese).decode().partition("\n")[0]
    assert (answer["Content-Language"], chinese["Content-Language"]) == ("en", "zh-hans")
    assert {"Accept", "Accept-Language"} <= {one.strip() for one in chinese["Vary"].split(",")}


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("text/*", "text/csv; charset=utf-8"),
        ("application/json;q=0.4, text/csv;q=0.9", "text/csv; charset=utf-8"),
        ("application/json, text/csv;q=0.9", "application/json"),
        (f"text/csv;q=0.1, {XLSX};q=0.2", XLSX),
        ("text/csv; charset=utf-8", "text/csv; charset=utf-8"),
        ("text/html, */*;q=0.1", "application/json"),
    ],
)
def test_the_form_that_is_preferred_is_answered(accept: str, kind: str, supervisor) -> None:
    """By the weights of `Accept`."""
    answer = asking(supervisor, accept=accept).get(CARDS)
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)


def test_other_forms_are_refused_in_the_shape_of_the_api(supervisor) -> None:
    """406, in the caller's language; and one thing is no file."""
    card = CardFactory(team=supervisor.team)
    for path, accept in ((CARDS, "application/pdf"), (CARDS, "text/csv;q=0"), (f"{CARDS}{card.pk}/", "text/csv")):
        answer = asking(supervisor, accept=accept).get(path)
        assert (answer.status_code, answer["Content-Type"]) == (406, "application/json")
        assert (answer.json()["code"], answer.json()["details"]) == ("not_acceptable", [])
        assert asking(supervisor, accept=accept, language="zh-Hans").get(path).json() != answer.json()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("colour=red", "colour"),
        ("service_state=broken", "service_state"),
        ("columns=moon", "columns"),
        ("ordering=moon", "ordering"),
        ("page_size=2", "page_size"),
    ],
)
def test_what_a_file_does_not_know_is_refused_as_json(query: str, field: str, supervisor) -> None:
    """And nobody took anything out."""
    answer = asking(supervisor).get(f"{CARDS}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_input")
    assert [one["field"] for one in answer.json()["details"]] == [field]
    assert not Entry.objects.filter(action=EXPORTED).exists()


def test_a_file_needs_the_right_to_take_lists_out(db) -> None:
    """R64: who may read a list may not by that take it out."""
    agent = PersonFactory(role=Role.AGENT)
    assert not agent.has_perm("cards.export_card")
    assert asking(agent, accept="application/json").get(CARDS).status_code == 200
    refused = asking(agent).get(CARDS)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_what_takes_long_is_made_by_a_job(supervisor, monkeypatch) -> None:
    """202 with the job; its file has the rows, order and language asked for."""
    monkeypatch.setattr(files, "MOST_AT_ONCE", 1)
    cards = CardFactory.create_batch(3, team=supervisor.team)
    answer = asking(supervisor, accept=XLSX).get(CARDS, {"ordering": "-id", "service_state!": "full_stop"})
    job = Job.objects.get(pk=answer.json()["id"])
    assert (answer.status_code, answer["Location"]) == (202, f"http://testserver/api/v1/jobs/{job.pk}/")
    run_job(job.pk)
    job.refresh_from_db()
    with job.result_file.content.open() as content:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content.read())).get_sheet_by_index(0).to_python()
    assert rows[0][:2] == ["ICCID", "Number"]
    assert [row[0] for row in rows[1:]] == [card.iccid for card in reversed(cards)]


def test_a_file_is_compressed_for_who_takes_that(supervisor) -> None:
    """As every answer that is no short one."""
    CardFactory.create_batch(60, team=supervisor.team)
    answer = asking(supervisor).get(CARDS, headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(body(answer)).decode().splitlines()) == 61
