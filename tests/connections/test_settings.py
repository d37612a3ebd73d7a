"""The settings of a connection are checked whole before they are stored, setting by setting."""

from datetime import UTC, datetime

import pytest

from lifecycle.errors import ConnectionUnfit
from lifecycle.importers.connectors.filling import fill
from lifecycle.rules.connections.http import read_settings
from tests.connections.conftest import BALANCES

GOOD = {"url": "https://open.carrier.example/balances", **BALANCES}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"colour": "red"}, ["colour"]),
        ({"page_size": "2", "params": ["page"], "words": {"state": "x"}}, ["page_size", "params", "words"]),
        ({"page_size": True}, ["page_size"]),
        ({"numbers_per_call": 0}, ["numbers_per_call"]),
        ({"url": "ftp://carrier.example"}, ["url"]),
        ({"method": "DELETE"}, ["method"]),
        ({"body": {"a": "b"}}, ["body"]),
        ({"params": {"page": "{seite}"}}, ["seite"]),
        ({"params": {"after": "{cursor}"}}, ["next"]),
        ({"headers": {"X": "a\r\nHost: b"}}, ["headers"]),
        ({"fields": {"msisdn": "n"}}, ["fields.balance", "as_of"]),
        ({"fields": {**GOOD["fields"], "pin": "p"}}, ["fields.pin"]),
        ({"units": {"balance": "dollar"}}, ["units.balance"]),
        ({"times": "moon"}, ["times"]),
    ],
)
def test_what_does_not_hold_is_named(change, named):
    settings, reasons = read_settings({**GOOD, **change}, "balances")
    assert settings is None
    assert sorted(reason.column for reason in reasons) == sorted(named)


def test_a_state_needs_its_own_fields():
    assert [reason.column for reason in read_settings(GOOD, "states")[1]] == ["fields.state", "fields.balance"]
    assert read_settings(GOOD, "balances")[1] == []
    assert read_settings([], "balances")[1][0].field == "settings"


def test_an_unfit_connection_is_not_stored(connect):
    with pytest.raises(ConnectionUnfit) as refused:
        connect(settings={**BALANCES, "times": "moon"})
    assert [reason.field for reason in refused.value.reasons] == ["settings"]


def test_what_is_filled_in_keeps_its_type_where_it_stands_alone():
    """Moments as the server wants them; a word that is not there is left empty."""
    moment = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
    part = {"page": "{page}", "list": ["{numbers}"], "text": "from {since} of {nobody}", "n": 5}
    filled = fill(part, {"page": 3, "numbers": ["a", "b"], "since": moment}, writes="%Y%m%d%H%M%S")
    assert filled == {"page": 3, "list": [["a", "b"]], "text": "from 20261120103000 of ", "n": 5}
    assert fill("{since}", {"since": moment}, writes="unix") == 1795141800
    assert fill("{since}", {"since": moment}, writes="unix_ms") == 1795141800000
    assert fill("{since}", {"since": moment}, writes="iso") == "2026-11-20T10:30:00+08:00"
