"""What a deed left behind: every table of the database and every stored file, as they were before and are now."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from cardfleet.files.models import StoredFile

TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
# Counted also where it was taken back, so that no table that is as it was needs to be read again.
DEEDS = "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables WHERE schemaname = 'public'"
ROWS = "SELECT '{0}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {0} t"


@dataclass(frozen=True)
class Before:
    """Each table by number and hash of its rows, and how much was written to each in this transaction."""

    rows: Mapping[str, tuple[int, int]]
    deeds: Mapping[str, int]

    @classmethod
    def now(cls) -> "Before":
        """Look at all tables."""
        names = [name for (name,) in _asked(TABLES)]
        return cls(_rows(names), _deeds())

    def changed(self) -> set[str]:
        """Return the tables whose rows are not what they were; one that was made since had none."""
        touched = [name for name, deeds in _deeds().items() if deeds != self.deeds.get(name, 0)]
        return {name for name, rows in _rows(touched).items() if rows != self.rows.get(name, (0, 0))}


def files_without_rows() -> set[str]:
    """Return what lies on the disk and is nobody's, and what is somebody's and does not lie there."""
    root = Path(settings.MEDIA_ROOT)
    on_disk = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    return on_disk ^ set(StoredFile.objects.exclude(content="").values_list("content", flat=True))


def _deeds() -> dict[str, int]:
    return {name: int(deeds) for name, deeds in _asked(DEEDS)}


def _rows(names: list[str]) -> dict[str, tuple[int, int]]:
    asked = " UNION ALL ".join(ROWS.format(name) for name in names)
    return {name: (count, int(rows)) for name, count, rows in _asked(asked)} if names else {}


def _asked(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
