"""Statements kept in words: values by name, planned once a connection, and again where a pooler keeps no plan."""

import pytest
from django.db import connection, transaction

from cardfleet.kernel.compiled import rows_of

pytestmark = pytest.mark.django_db
WORDS = "SELECT %(text)s || '%%', %(count)s::int + 1, %(text)s LIKE 'a%%'"


def plans() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'asked_%%'")
        return int(cursor.fetchone()[0])


def test_a_value_stands_wherever_its_name_does():
    assert list(rows_of(WORDS, {"text": "a'b", "count": 1, "unused": 0})) == [("a'b%", 2, True)]
    assert list(rows_of(WORDS, {"text": "%", "count": 2})) == [("%%", 3, False)]


def test_a_statement_is_planned_once_also_when_its_transaction_fails():
    words = f"{WORDS} -- once"
    before = plans()
    with transaction.atomic():
        list(rows_of(words, {"text": "a", "count": 1}))
        transaction.set_rollback(True)
    list(rows_of(words, {"text": "b", "count": 1}))
    assert plans() == before + 1


def test_behind_a_pooler_nothing_is_left_on_the_connection(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    before = plans()
    assert list(rows_of(f"{WORDS} -- pooled", {"text": "a", "count": 1})) == [("a%", 2, True)]
    assert plans() == before
