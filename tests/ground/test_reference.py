"""Reference data can be loaded again and again."""

import pytest
from django.core.management import call_command
from django.db import connection

from cardfleet.kernel import reference as registry

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


def contents() -> dict[str, str | None]:
    """Return a hash of the rows of every table."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {table} t")  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


@pytest.mark.django_db
def test_a_second_run_changes_nothing(capsys):
    empty = contents()
    call_command("load_reference")
    once = contents()
    call_command("load_reference")
    assert contents() == once
    assert once != empty
    assert capsys.readouterr().out.count("reference data:") == 2


def test_a_name_is_registered_once():
    with pytest.raises(ValueError, match="twice"):
        registry.register(next(iter(registry._loaders)), lambda *, now: None)
