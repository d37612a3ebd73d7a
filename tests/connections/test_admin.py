"""Connections in the administration and over the API: set up, tried without a trace, run at once."""

import pytest
from django.urls import reverse

from billing.models import BalanceReading
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import BadInput
from lifecycle.forms.connection_settings import PARTS
from lifecycle.models import Connection, ConnectionRun
from lifecycle.services.connections.editing import edit_connection, record_connection
from lifecycle.services.connections.running import run_due
from tests.connections.carrier import paged
from tests.connections.conftest import BALANCES, NUMBERS, balance
from tests.connections.test_usage import SETTINGS as CALLS
from tests.factories.accounts import PersonFactory

ADDRESS = "https://open.carrier.example/"


@pytest.fixture
def administrator(client, reference):
    """Somebody who may set up connections, signed in."""
    person = PersonFactory(role=Role.ADMIN)
    client.force_login(person)
    return person


def entered(**facts: str) -> dict[str, str]:
    """What is entered into the form for the settings of BALANCES."""
    given = {"name": "carrier", "kind": "json", "subject": "balances", "every_minutes": "30", "is_enabled": "on"}
    asked = {"url": ADDRESS, "method": "GET", "headers": "Authorization: Bearer {secret}", "params": "page={page}"}
    read = {"rows": "data.items", "total": "data.total", "page_size": "2", "first_page": "1", "times": "local"}
    row = {"path_msisdn": "phone", "path_balance": "money.left", "unit_balance": "fen", "path_as_of": "at"}
    return {**given, **asked, **read, **row, "secret": "very-secret", **facts}


@pytest.mark.usefixtures("administrator")
def test_one_is_set_up_and_its_secret_never_comes_out(client):
    """What cannot be used is told beside its field; an empty secret keeps the one there is."""
    add = reverse("admin:lifecycle_connection_add")
    wrong = {"url": "carrier", "path_balance": "", "headers": "Authorization", "path_fee": "fee", "body": "["}
    refused = client.post(add, entered(**wrong))
    assert set(refused.context["adminform"].form.errors) == {"headers", "body", "url", "path_balance", "path_fee"}
    refused = client.post(add, entered(subject="agents"))
    assert set(refused.context["adminform"].form.errors) == {"__all__", "subject"}
    assert Connection.objects.count() == 0
    assert client.post(add, entered()).status_code == 302
    connection = Connection.objects.get()
    assert connection.settings == {"url": ADDRESS, **{name: BALANCES[name] for name in BALANCES if name != "method"}}
    page = reverse("admin:lifecycle_connection_change", args=[connection.pk])
    assert "very-secret" not in client.get(page).content.decode()
    assert client.post(page, entered(name="other", secret="")).status_code == 302
    connection.refresh_from_db()
    assert (connection.name, connection.secret) == ("other", "very-secret")
    assert "very-secret" not in str(list(Entry.objects.values_list("data", "reason")))


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize(
    ("kind", "subject", "held"),
    [
        ("json", "balances", {"url": ADDRESS, **BALANCES}),
        ("json", "usage", {"url": ADDRESS, **CALLS}),
        ("json", "states", {"url": ADDRESS, "method": "POST", "body": {"a": ["{numbers}"]}, "ok": "code",
         "ok_values": ["0", "ok"], "as_of_is_now": True, "first_page": 0, "writes": "unix", "numbers_per_call": 5,
         "fields": {"msisdn": "n", "state": "s"}, "words": {"state": {"1": "欠费停机", "2": "active"}}}),
        ("folder", "usage", {"folder": "calls", "source": "cmcc"}),
        ("folder", "agents", {"folder": "hr", "create_missing": True}),
    ],
)  # fmt: skip
def test_what_is_set_up_stands_in_the_form_and_is_kept_by_saving_it(client, now, kind, subject, held):
    """Settings that came by whatever way: the form shows each of them, and saving it changes none."""
    facts = {"name": "a", "kind": kind, "subject": subject, "settings": held}
    connection = record_connection(facts=facts, actor=None, now=now)
    page = reverse("admin:lifecycle_connection_change", args=[connection.pk])
    form = client.get(page).context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    assert client.post(
        page, {name: value for name, value in shown.items() if value is not None and value is not False}
    ).url
    connection.refresh_from_db()
    assert connection.settings == {name: value for name, value in held.items() if (name, value) != ("method", "GET")}


@pytest.mark.usefixtures("administrator")
def test_a_folder_is_of_one_connection(client, now):
    """Two would each get some of the files: refused, also where the second changes to it."""
    facts = {"kind": "folder", "subject": "agents", "settings": {"folder": "hr"}}
    record_connection(facts={"name": "first", **facts}, actor=None, now=now)
    add = reverse("admin:lifecycle_connection_add")
    given = {"name": "second", "kind": "folder", "subject": "agents", "every_minutes": "30", "folder": "hr"}
    refused = client.post(add, given)
    assert "指定单独的文件夹" in refused.text
    assert client.post(add, given | {"folder": "people"}).status_code == 302
    second = Connection.objects.get(name="second")
    with pytest.raises(BadInput) as taken:
        edit_connection(connection_id=second.pk, changes={"settings": {"folder": "hr"}}, actor=None, now=now)
    assert [reason.code for reason in taken.value.reasons] == ["folder_taken"]
    second.refresh_from_db()
    assert second.settings == {"folder": "people"}


def test_each_part_of_the_form_belongs_to_a_kind_or_a_subject():
    """A part is shown where its field has its value, so that value must be one there is."""
    values = {"kind": Connection._meta.get_field("kind"), "subject": Connection._meta.get_field("subject")}
    for _title, shown, _lines in PARTS:
        _shown, _for, name, value = shown.split("-")
        assert value in dict(values[name].choices)


@pytest.mark.usefixtures("administrator")
def test_it_is_tried_without_a_trace(client, cards, carrier, connect):
    """Opening the page asks nobody; what would be read and refused is shown, and nothing is written."""
    carrier.answer = paged([balance(NUMBERS[0], 1234), balance("12", 1)])
    connection = connect()
    page = reverse("admin:lifecycle_connection_try_it", args=[connection.pk])
    assert client.get(page).status_code == 200
    assert carrier.asked == []
    shown = client.post(page).content.decode()
    assert "12.34" in shown
    assert "very-secret" not in shown
    carrier.answer = lambda _asked: (200, b"<html>maintenance")
    assert "&lt;html&gt;maintenance" in client.post(page).content.decode()
    assert (BalanceReading.objects.count(), ConnectionRun.objects.count()) == (0, 0)


@pytest.mark.usefixtures("administrator")
def test_it_is_run_at_once_over_the_api(client, cards, carrier, connect, now):
    """202, then its run is listed; one that is switched off is refused with what to do."""
    carrier.answer = paged([balance(NUMBERS[0], 1234)])
    connection = connect()
    run_due(now=now)
    asked = client.post(reverse("api:connection-run", args=[connection.pk]), content_type="application/json")
    assert (asked.status_code, asked.json()["name"]) == (202, "carrier")
    assert not {"secret", "settings"} & asked.json().keys()
    runs = client.get(reverse("api:connectionrun-list"), {"connection": connection.pk, "outcome": "done"}).json()
    assert [(run["outcome"], run["rows_stored"]) for run in runs["results"]] == [("done", 1)]
    Connection.objects.update(is_enabled=False)
    refused = client.post(reverse("api:connection-run", args=[connection.pk]), content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "connection_off")


def test_who_may_not_change_connections_tries_and_runs_none(client, connect, carrier, reference):
    client.force_login(PersonFactory(role=Role.FINANCE))
    connection = connect()
    for name in ("try_it", "run_now"):
        assert client.post(reverse(f"admin:lifecycle_connection_{name}", args=[connection.pk])).status_code == 403
    assert carrier.asked == []


@pytest.mark.usefixtures("administrator")
def test_raw_answers_are_taken_out_by_who_sees_the_runs(client, cards, carrier, connect, now):
    carrier.answer = paged([balance(NUMBERS[0], 1234)])
    connect()
    run_due(now=now)
    run = ConnectionRun.objects.get()
    page = client.get(reverse("admin:lifecycle_connectionrun_change", args=[run.pk])).content.decode()
    download = reverse("files:download", args=[run.raw_id])
    assert download in page
    assert client.get(download).getvalue().startswith(b"PK")
    client.force_login(PersonFactory(role=Role.SUPERVISOR))
    assert client.get(download).status_code == 404
