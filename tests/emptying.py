"""How a transactional test leaves the database: empty, but for what the migrations made.

Django empties every table, full or not, and makes permissions and content types anew: seconds a test, and new ids of
permissions, after which the reference data must be loaded from nothing.
"""

from django.db import connection, transaction
from psycopg2.sql import SQL, Identifier, Literal

MADE_BY_MIGRATIONS = {"auth_permission", "django_content_type"}
HOLDS_ROWS = SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")


def empty_tables(_case: object) -> None:
    """Empty the tables that hold rows; what forbids a DELETE in the books is put out of force meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(SQL(" UNION ALL ").join(HOLDS_ROWS.format(Literal(one), Identifier(one)) for one in tables()))
        filled = [Identifier(name) for (name,) in cursor.fetchall()]
        if filled:
            # Whoever still writes there is waited for.
            cursor.execute(SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(SQL(", ").join(filled)))
        for table in filled:
            cursor.execute(SQL("DELETE FROM {}").format(table))


def tables() -> list[str]:
    """Return the tables of all models but those whose rows the migrations made."""
    return sorted(set(connection.introspection.django_table_names(only_existing=True)) - MADE_BY_MIGRATIONS)
