"""The database that each process of a run begins with: migrated once, copied by PostgreSQL, kept while it fits."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg2
from django.apps import apps
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, cursor
from psycopg2.sql import SQL, Identifier, Literal

ROOT = Path(__file__).parent.parent
PREFIX = "template_"
# Two runs of one checkout, started together, make it once.
LOCK = 7_461_205
# What tests roll back is counted as gone: half-way through a run the planner would take every table for empty.
UNCOUNTED = """
DO $$ DECLARE found text; BEGIN
    FOR found IN SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    LOOP EXECUTE 'ALTER TABLE ' || found || ' SET (autovacuum_enabled = false)'; END LOOP;
END $$
"""


def template_name() -> str:
    """Return the template's name: another one for other migrations, our own or those of the apps we install."""
    digest = sha256()
    for config in sorted(apps.get_app_configs(), key=lambda one: one.label):
        for file in sorted(Path(config.path).glob("migrations/*.py")):
            digest.update(file.read_bytes())
    return f"{PREFIX}{digest.hexdigest()[:16]}"


def make_template(database: dict[str, Any], name: str) -> None:
    """Migrate the template unless it is there; drop those of other migrations."""
    with _connected(database, "postgres") as asked:
        asked.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if name in (known := _templates(asked)):
            return
        for old in known:
            asked.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(old)))
        unfinished = f"{name}_unfinished"
        asked.execute(SQL("CREATE DATABASE {}").format(Identifier(unfinished)))
        _migrate(database, unfinished)
        asked.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(unfinished), Identifier(name)))


@contextmanager
def _connected(database: dict[str, Any], name: str) -> Iterator[cursor]:
    address = {
        known: database[known.upper()] for known in ("host", "port", "user", "password") if database[known.upper()]
    }
    with closing(psycopg2.connect(dbname=name, **address)) as connection:
        connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        with connection.cursor() as asked:
            yield asked


def _templates(asked: cursor) -> set[str]:
    asked.execute(SQL("SELECT datname FROM pg_database WHERE starts_with(datname, {})").format(Literal(PREFIX)))
    return {name for (name,) in asked.fetchall()}


def _migrate(database: dict[str, Any], name: str) -> None:
    owner = f"{database['USER']}:{database['PASSWORD']}".removesuffix(":")
    address = f"postgres://{owner}@{database['HOST']}:{database['PORT']}/{name}"
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": address}, check=True)
    with _connected(database, name) as asked:
        asked.execute(UNCOUNTED)
