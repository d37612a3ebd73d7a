"""The reference data of a test: loaded once a process by the product's own loaders, copied into each test."""

from datetime import datetime
from io import StringIO

import psycopg2
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.db.models import Max

from cardfleet.kernel.reference import load
from tests.emptying import tables


class ReferenceRows:
    """The rows that loading the reference data leaves: loaded once by the product's own loaders, copied into each test.

    The loaders run again where a test made some of the rows by itself, or where permissions have other ids.
    """

    def __init__(self) -> None:
        self.permissions = None
        self.tables: dict[str, str] = {}

    def put(self, *, now: datetime) -> None:
        """Put the rows into empty tables."""
        if self.permissions is None and not any(self._rows().values()):
            self._take(now=now)
        if self.permissions != last_permission() or not self._copied():
            load(now=now)

    def _copied(self) -> bool:
        """Copy the rows; nothing where the test made some of them by itself."""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                for table, rows in self.tables.items():
                    cursor.copy_expert(f'COPY "{table}" FROM STDIN', StringIO(rows))
        except psycopg2.IntegrityError:
            return False
        return True

    def _take(self, *, now: datetime) -> None:
        with transaction.atomic():
            load(now=now)
            self.tables = {table: rows for table, rows in self._rows().items() if rows}
            self.permissions = last_permission()
            transaction.set_rollback(True)

    def _rows(self) -> dict[str, str]:
        rows = {table: StringIO() for table in tables()}
        with connection.cursor() as cursor:
            for table, target in rows.items():
                cursor.copy_expert(f'COPY (TABLE "{table}") TO STDOUT', target)
        return {table: target.getvalue() for table, target in rows.items()}


def last_permission() -> int | None:
    """Return the highest id of a permission: another one after they were made anew."""
    return Permission.objects.aggregate(last=Max("pk"))["last"]


REFERENCE = ReferenceRows()
