"""The two roles of the database: one that owns the tables, and the application's, which owns nothing.

The application's role reads and writes rows, but may not change or remove what is only ever added to (journal, ledger,
whatever a trigger protects), nor truncate, make or drop any table. Partitions, statistics and retention are the
owner's work, for which the application asks by name (`as_owner`) and only while it lasts. Without DATABASE_OWNER the
application signs in as the owner, as the demo does.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from psycopg2 import sql

ROLE = "SELECT set_config('role', %s, true)"
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
HELD = """
SELECT name, array_remove(array_agg(CASE WHEN has_table_privilege(name, held) THEN held END), NULL)
FROM unnest(%s) name, unnest(%s) held GROUP BY name ORDER BY name
"""


@contextmanager
def as_owner() -> Iterator[None]:
    """Act as the owner of the tables within a transaction, then again as before."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not settings.DATABASE_OWNER:
            yield
            return
        cursor.execute("SELECT current_setting('role')")
        ((before,),) = cursor.fetchall()
        cursor.execute(ROLE, [settings.DATABASE_OWNER])
        yield
        cursor.execute(ROLE, [before])


def analyse(table: str, *columns: str) -> None:
    """Let the planner know a table that was filled, or only some columns of it."""
    some = sql.SQL("({})").format(sql.SQL(", ").join(map(sql.Identifier, columns))) if columns else sql.SQL("")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {} {}").format(sql.Identifier(table), some))


def rights() -> dict[str, list[str]]:
    """Return by table what the application's role may do with its rows."""
    found = {
        model._meta.db_table: _rights(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return found | {"django_migrations": ["SELECT"]}


def may_change(model: type[models.Model]) -> bool:
    """Tell whether the application may change rows of a model, and so lock them."""
    return "UPDATE" in _rights(model)


def odd_rights() -> list[str]:
    """Return the tables on which whoever is signed in may do more or less than the application should."""
    wanted = rights()
    with connection.cursor() as cursor:
        cursor.execute(HELD, [list(wanted), list(RIGHTS)])
        return [table for table, held in cursor.fetchall() if set(held) != set(wanted[table])]


def _rights(model: type[models.Model]) -> list[str]:
    guarded = " ".join(
        str(trigger.operation) for trigger in getattr(model._meta, "triggers", ()) if _guards_whole_rows(trigger)
    ).upper()
    return ["SELECT", "INSERT", *(right for right in ("UPDATE", "DELETE") if right not in guarded)]


def _guards_whole_rows(trigger: pgtrigger.Trigger) -> bool:
    """Tell whether a trigger refuses always, whatever the row holds and whichever column is to change."""
    refuses = type(trigger) is pgtrigger.Protect or trigger.name == "append_only"
    return refuses and trigger.condition is None and not isinstance(trigger.operation, pgtrigger.UpdateOf)


def grant_rights(role: str) -> None:
    """Give the application's role what it needs and take what it had beyond; for the owner, after each migration."""
    name = sql.Identifier(role)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(name))
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name))
        cursor.execute(sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name))
        for table, allowed in rights().items():
            of = sql.SQL(", ").join(map(sql.SQL, allowed))
            cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(of, sql.Identifier(table), name))
