"""`manage.py migrate`, which never lets people wait behind it.

A statement that wants a table for itself waits for whoever reads it, and everybody else waits behind that statement.
So it gives up after a few seconds, what it began is undone, and it tries again a little later. What is built
concurrently (a migration with `atomic = False`) keeps nobody waiting, and may take its time.
"""

import time
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.migrations import Migration
from django.utils.translation import gettext as _
from psycopg2.errors import LockNotAvailable

LOCK_TIMEOUT_MS = 5_000
PAUSE_S = 5
TRIES = 12


class Command(migrate.Command):
    """Apply migrations, waiting for no lock longer than five seconds at a time."""

    alias: str

    def handle(self, *args: Any, **options: Any) -> None:
        """Try until the tables are free for a moment."""
        self.alias = options["database"]
        for left in reversed(range(TRIES)):
            try:
                super().handle(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                if not left:
                    raise CommandError(
                        _("A table was in use all the time. See who holds it (pg_stat_activity), then run this again.")
                    ) from error
                self.stderr.write(_("A table is in use; trying again in a moment."))
                time.sleep(PAUSE_S)
            else:
                break
        self._wait_for(0)

    def migration_progress_callback(self, action: str, migration: Migration | None = None, fake: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's
        """Set how long a migration waits for its locks before it begins."""
        if migration and action in {"apply_start", "unapply_start"}:
            self._wait_for(LOCK_TIMEOUT_MS if migration.atomic else 0)
        super().migration_progress_callback(action, migration, fake)

    def _wait_for(self, milliseconds: int) -> None:
        with connections[self.alias].cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [str(milliseconds)])
