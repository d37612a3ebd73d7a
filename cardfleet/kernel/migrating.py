"""What a migration may do while the version before it still serves people (docs/upgrading.md).

The rules about statements are django-migration-linter's; those it lacks stand here: constraints that are checked while
the table is locked, several tables locked at once, and data changed beside a table. A migration that may do one of
these all the same says so and why: `waived = {"CREATE_INDEX": "some hundred rows"}`.
"""

import re
from collections.abc import Iterator, Sequence

from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.state import ProjectState
from django_migration_linter.sql_analyser.base import Check, CheckMode, CheckType
from django_migration_linter.sql_analyser.postgresql import PostgresqlAnalyser

CREATED = re.compile(r'CREATE TABLE (?:IF NOT EXISTS )?"?(\w+)')
ALTERED = re.compile(r'ALTER TABLE (?:IF EXISTS )?(?:ONLY )?"?(\w+)')
CHECKED = re.compile(r"ADD CONSTRAINT .*\b(CHECK|FOREIGN KEY|EXCLUDE)\b")
DATA = ("UPDATE ", "INSERT ", "DELETE ", "-- Raw Python operation")

INSTEAD = {
    "RENAME_TABLE": "The version before still reads the old name: add a table, fill it, drop the old one later.",
    "RENAME_COLUMN": "The version before still reads the old name: add a column, fill it, drop the old one later.",
    "DROP_TABLE": "The version before still reads it: take it out of the code first, drop it a version later.",
    "DROP_COLUMN": "The version before still reads it: take it out of the code first, drop it a version later.",
    "NOT_NULL": "The version before inserts rows without it: give it a db_default, or let it be null.",
    "ALTER_COLUMN": "The table may be rewritten while it is locked: add a column of the new type and fill it.",
    "ADD_UNIQUE": "The index is built while the table is locked: AddIndexConcurrently, then the constraint using it.",
    "CREATE_INDEX": "Nobody can write while it is built: AddIndexConcurrently in a migration with atomic = False.",
    "CREATE_INDEX_EXCLUSIVE": "The table stays locked while it is built: AddIndexConcurrently, in its own migration.",
    "DROP_INDEX": "Everybody waits: RemoveIndexConcurrently in a migration with atomic = False.",
    "REINDEX": "Nobody can write meanwhile: REINDEX CONCURRENTLY.",
    "CHECKED_AT_ONCE": "Every row is read while the table is locked: AddConstraintNotValid, ValidateConstraint later.",
    "VALIDATED_BESIDE": "The lock of the other statement lasts as long as the check: a migration of its own.",
    "MANY_TABLES": "All stay locked until the end; who locks them in another order waits for ever: one migration each.",
    "DATA_BESIDE": "The table stays locked while rows are changed: change data in a migration of its own, in batches.",
}


def _checked_at_once(statements: Sequence[str], **_known: object) -> bool:
    new = _new(statements)
    return any(
        CHECKED.search(one) and "NOT VALID" not in one and _table(one) not in new
        for one in statements
        if one.startswith("ALTER TABLE")
    )


def _validated_beside(statements: Sequence[str], **_known: object) -> bool:
    altering = [one for one in statements if one.startswith("ALTER TABLE")]
    return len(altering) > 1 and any("VALIDATE CONSTRAINT" in one for one in altering)


def _many_tables(statements: Sequence[str], **_known: object) -> bool:
    altered = {_table(one) for one in statements if one.startswith("ALTER TABLE")}
    return "BEGIN;" in statements and len(altered - _new(statements)) > 1


def _data_beside(statements: Sequence[str], **_known: object) -> bool:
    altered = {_table(one) for one in statements if one.startswith("ALTER TABLE")} - _new(statements)
    return bool(altered) and any(one.startswith(DATA) for one in statements)


def _new(statements: Sequence[str]) -> set[str]:
    return {found[1] for found in map(CREATED.match, statements) if found}


def _table(statement: str) -> str:
    found = ALTERED.match(statement)
    return found[1] if found else ""


class Analyser(PostgresqlAnalyser):
    """The linter's rules for PostgreSQL, and ours."""

    migration_checks = [
        *PostgresqlAnalyser.migration_checks,
        *(
            Check(code=code, fn=found, message=code, mode=CheckMode.TRANSACTION, type=CheckType.ERROR)
            for code, found in {
                "CHECKED_AT_ONCE": _checked_at_once,
                "VALIDATED_BESIDE": _validated_beside,
                "MANY_TABLES": _many_tables,
                "DATA_BESIDE": _data_beside,
            }.items()
        ),
    ]


def faults(migration: Migration, before: ProjectState) -> Iterator[str]:
    """Yield why a migration would hold up people or break the version before; `before` is what it is applied to."""
    analyser = Analyser([])
    analyser.analyse(statements(migration, before))
    found = {issue.code for issue in (*analyser.errors, *analyser.warnings)}
    waived = getattr(migration, "waived", {})
    for code in sorted(found - waived.keys()):
        yield f"{code}: {INSTEAD[code]}"
    for code in sorted(waived.keys() - found):
        yield f"{code}: it is waived, and not done."


def statements(migration: Migration, before: ProjectState) -> list[str]:
    """Return the SQL of a migration as PostgreSQL gets it, and a line for each operation in Python."""
    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        migration.apply(before, editor, collect_sql=True)
    lines = [line.strip() for line in editor.collected_sql]
    said = [line for line in lines if line.startswith(DATA) or not line.startswith("--")]
    return ["BEGIN;", *said] if migration.atomic else said
