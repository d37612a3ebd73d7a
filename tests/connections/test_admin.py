"""Connections in the administration and over the API: set up, tried without a trace, run at once."""

import json

import pytest
from django.urls import reverse

from billing.models import BalanceReading
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from lifecycle.models import Connection, ConnectionRun
from lifecycle.services.connections.running import run_due
from tests.connections.carrier import paged
from tests.connections.conftest import BALANCES, NUMBERS, balance
from tests.factories.accounts import PersonFactory


@pytest.fixture
def administrator(client, reference):
    """Somebody who may set up connections, signed in."""
    person = PersonFactory(role=Role.ADMIN)
    client.force_login(person)
    return person


def entered(settings: dict, **facts: str) -> dict[str, str]:
    """What is entered into the form."""
    given = {"name": "carrier", "kind": "json", "subject": "balances", "every_minutes": "30", "is_enabled": "on"}
    return {**given, "carrier": "", "secret": "very-secret", "settings": json.dumps(settings), **facts}


@pytest.mark.usefixtures("administrator")
def test_one_is_set_up_and_its_secret_never_comes_out(client):
    """What cannot be used is told beside the settings; an empty secret keeps the one there is."""
    add = reverse("admin:lifecycle_connection_add")
    good = {"url": "https://open.carrier.example/", **BALANCES}
    refused = client.post(add, entered({**good, "times": "moon"}))
    assert refused.status_code == 200
    assert Connection.objects.count() == 0
    assert client.post(add, entered(good)).status_code == 302
    connection = Connection.objects.get()
    page = reverse("admin:lifecycle_connection_change", args=[connection.pk])
    assert "very-secret" not in client.get(page).content.decode()
    assert client.post(page, entered(good, name="other", secret="")).status_code == 302
    connection.refresh_from_db()
    assert (connection.name, connection.secret) == ("other", "very-secret")
    assert "very-secret" not in str(list(Entry.objects.values_list("data", "reason")))


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
