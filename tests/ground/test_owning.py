"""Two roles: one owns the tables, the other is the application's and may only add to what is only ever added to."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import yaml
from django.conf import settings
from django.db import connection

from cardfleet.kernel.owning import odd_rights, rights
from tests.conftest import REDIS_URL, ROLE

COMPOSE = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text("utf-8"))
ROLES = (settings.BASE_DIR / "deploy" / "postgres" / "roles.sh").read_text("utf-8")
ONLY_ADDED_TO = {
    "journal_entry": "reason",
    "journal_seal": "hash",
    "journal_redaction": "mark",
    "billing_ledgerentry": "amount",
    "cards_cardchange": "at",
}


def server(name: str, user: str) -> str:
    """Return the address of a database for a role."""
    known = connection.settings_dict
    return f"postgres://{user}@{known['HOST']}:{known['PORT']}/{name}"


def connect(name: str, user: str = "cardfleet"):
    """Return an autocommitting connection."""
    opened = psycopg2.connect(server(name, user))
    opened.autocommit = True
    return opened


@pytest.fixture(scope="module")
def installed(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[dict[str, str]]:
    """An installation as docker-compose.yml makes it, with roles of its own: the application's environment."""
    name = f"{connection.settings_dict['NAME']}_roles"
    owner, app = f"{name}_owner", f"{name}_app"
    with closing(connect("postgres")) as opened, opened.cursor() as cursor:
        forget(cursor, name, owner, app)
        cursor.execute(f"CREATE DATABASE {name}")
        with closing(connect(name)) as inside, inside.cursor() as cursor_inside:
            cursor_inside.execute(statements(name, owner, app))
        home = tmp_path_factory.mktemp("installed")
        environment = os.environ | {
            "CARDFLEET_HOME": str(home), "REDIS_URL": REDIS_URL, "DATABASE_URL": server(name, owner),
        }  # fmt: skip
        (command,) = [part for part in COMPOSE["services"]["migrate"]["command"] if part.startswith("python")]
        command = command.replace("cardfleet_app", app).replace("python", sys.executable)
        done = subprocess.run(["/bin/sh", "-c", command], env=environment, cwd=settings.BASE_DIR, capture_output=True,
                              text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr
        yield environment | {"DATABASE_URL": server(name, app), "DATABASE_OWNER": owner}
        forget(cursor, name, owner, app)


def forget(cursor, name: str, *roles: str) -> None:
    """Drop a database and its roles."""
    cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    for role in roles:
        cursor.execute(f"DROP ROLE IF EXISTS {role}")


def statements(name: str, owner: str, app: str) -> str:
    """Return what the container of PostgreSQL runs when its database is new, for other names."""
    inside = ROLES.partition("<<'SQL'\n")[2].partition("\nSQL")[0]
    named = (
        inside.replace("cardfleet_app", app).replace(" cardfleet ", f" {owner} ").replace(" cardfleet;", f" {owner};")
    )
    return named.replace(':"name"', name).replace(":'owner'", "'x'").replace(":'app'", "'x'")


def manage(installed: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py as the application."""
    return subprocess.run([sys.executable, "manage.py", *command], env=installed, cwd=settings.BASE_DIR,
                          capture_output=True, text=True, check=False)  # fmt: skip


@pytest.fixture
def application(installed) -> Iterator:
    """A cursor of the application's role."""
    with closing(psycopg2.connect(installed["DATABASE_URL"])) as opened, opened.cursor() as cursor:
        yield cursor


def test_the_application_may_only_add(application) -> None:
    """One test, so that no second process makes the installation too."""
    for table, column in ONLY_ADDED_TO.items():
        for deed in ("UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}", "DROP TABLE {0}"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                application.execute(deed.format(table, column))
            application.connection.rollback()


def test_triggers_cannot_be_put_out_of_force(application) -> None:
    for deed in ("ALTER TABLE journal_entry DISABLE TRIGGER ALL", "SET session_replication_role = replica"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            application.execute(deed)
        application.connection.rollback()


def test_it_owns_nothing_and_makes_no_tables(application) -> None:
    application.execute(
        "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole AND relkind IN ('r', 'p')"
    )
    assert application.fetchone() == (0,)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        application.execute("CREATE TABLE public.mine (id int)")


def test_partitions_statistics_and_retention_are_made_as_the_owner(installed) -> None:
    for job in ("make_partitions", "apply_retention", "sum_charges", "advise_plans"):
        done = manage(installed, "run_job", job, "--on", "2027-06-01")
        assert done.returncode == 0, done.stderr


def test_the_doctor_looks_at_the_rights(installed) -> None:
    assert manage(installed, "doctor", "rights", "migrations").returncode == 0
    app, name = re.fullmatch(r"postgres://(\w+)@.*/(\w+)", installed["DATABASE_URL"]).groups()
    with closing(connect(name)) as opened, opened.cursor() as cursor:
        cursor.execute(f"GRANT TRUNCATE ON journal_entry TO {app}")
        told = manage(installed, "doctor", "rights")
        assert told.returncode
        assert "journal_entry" in told.stdout + told.stderr
        cursor.execute(f"REVOKE TRUNCATE ON journal_entry FROM {app}")
    assert manage(installed, "grant_rights", app).returncode


def test_a_backup_is_made_and_brought_back_under_the_application(installed, tmp_path: Path) -> None:
    made = manage(installed, "backup", str(tmp_path))
    assert made.returncode == 0, made.stderr
    (archive,) = tmp_path.glob("*.tar.age")
    back = manage(installed, "restore", str(archive), "--force")
    assert back.returncode == 0, back.stderr
    assert manage(installed, "doctor", "rights", "migrations").returncode == 0


def test_what_a_trigger_guards_the_role_may_not_do() -> None:
    held = rights()
    assert held["journal_entry"] == held["billing_ledgerentry"] == ["SELECT", "INSERT"]
    assert held["billing_usagerecord"] == ["SELECT", "INSERT", "DELETE"]
    assert held["accounts_tokenterms"] == ["SELECT", "INSERT", "UPDATE", "DELETE"]


@pytest.mark.django_db
def test_every_test_has_the_applications_rights() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (ROLE,)
    assert odd_rights() == []
