"""A backup brought back into an empty installation equals the original."""

import hashlib
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path

import psycopg2
import pyrage
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from tests.conftest import database_url


def connect(name: str):
    """Return an autocommitting connection to a database of the test server."""
    known = connection.settings_dict
    opened = psycopg2.connect(
        host=known["HOST"], port=known["PORT"], user=known["USER"], password=known["PASSWORD"], dbname=name
    )
    opened.autocommit = True
    return opened


def contents(name: str) -> dict[str, str | None]:
    """Return a hash of the rows of every table, and the position of every sequence."""
    with closing(connect(name)) as opened, opened.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {table} t")  # noqa: S608
            found[table] = cursor.fetchone()[0]
        cursor.execute("SELECT sequencename, last_value::text FROM pg_sequences WHERE schemaname = 'public'")
        found |= dict(cursor.fetchall())
        cursor.execute("SELECT tgrelid::regclass || '.' || tgname FROM pg_trigger WHERE NOT tgisinternal")
        found |= dict.fromkeys((f"trigger {name}" for (name,) in cursor.fetchall()), "")
        return found


def tree(root: Path) -> dict[str, str]:
    """Return a hash of every file below a folder."""
    files = [path for path in root.rglob("*") if path.is_file()]
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def original(transactional_db, reference, django_user_model) -> None:
    """People, reference data and a stored file."""
    for number in range(5):
        django_user_model.objects.create_user(f"p{number}", name=f"名{number}")
    (settings.MEDIA_ROOT / "ab").mkdir(parents=True)
    (settings.MEDIA_ROOT / "ab" / "evidence.bin").write_bytes(bytes(range(256)) * 100)


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The name of an empty database on the test server."""
    name = f"{connection.settings_dict['NAME']}_restored"
    with closing(connect("postgres")) as opened, opened.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
        yield name
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def restore(archive: Path, name: str, files: Path, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py restore` on a database and a folder."""
    address = f"{database_url().rpartition('/')[0]}/{name}"
    return subprocess.run(
        [sys.executable, "manage.py", "restore", str(archive), *more],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": address, "FILES_ROOT": str(files)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_restored_backup_equals_the_original(original, empty_database: str, tmp_path: Path):
    call_command("backup", str(tmp_path), stdout=StringIO())
    (archive,) = tmp_path.glob("*.tar.age")
    done = restore(archive, empty_database, tmp_path / "restored")
    assert done.returncode == 0, done.stderr
    assert contents(empty_database) == contents(connection.settings_dict["NAME"])
    assert tree(tmp_path / "restored") == tree(settings.MEDIA_ROOT)
    assert "evidence.bin" in str(tree(tmp_path / "restored"))


def test_the_keys_are_apart_and_private(original, tmp_path: Path):
    call_command("backup", str(tmp_path / "new" / "b.tar"), stdout=StringIO())
    for path in (tmp_path / "new" / "b.tar", tmp_path / "new" / "b.tar.keys"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    archive = (tmp_path / "new" / "b.tar").read_bytes()
    for key in (settings.SECRET_KEY, *settings.FIELD_KEYS):
        assert key in (tmp_path / "new" / "b.tar.keys").read_text()
        assert key.encode() not in archive
    assert archive.startswith(b"age-encryption.org/")
    assert all(word not in archive for word in ("名3".encode(), b"manifest.json", b"PGDMP", bytes(range(256))))
    assert [path.name for path in settings.MEDIA_ROOT.parent.glob(".backup-*")] == []


def test_a_database_that_holds_something_is_kept_unless_forced(original, empty_database: str, tmp_path: Path):
    call_command("backup", str(tmp_path / "b.tar"), stdout=StringIO())
    files = tmp_path / "restored"
    with closing(connect(empty_database)) as opened, opened.cursor() as cursor:
        cursor.execute("CREATE TABLE precious (n int); INSERT INTO precious VALUES (1)")
    refused = restore(tmp_path / "b.tar", empty_database, files)
    assert refused.returncode == 1
    assert "precious" in contents(empty_database)
    assert not files.exists()

    files.mkdir()
    (files / "mine.txt").write_text("mine")
    forced = restore(tmp_path / "b.tar", empty_database, files, "--force")
    assert forced.returncode == 0, forced.stderr
    assert contents(empty_database) == contents(connection.settings_dict["NAME"])
    assert [path.read_text() for path in tmp_path.glob("restored-before-*/mine.txt")] == ["mine"]


def test_a_torn_archive_changes_nothing(original, empty_database: str, tmp_path: Path):
    call_command("backup", str(tmp_path / "b.tar"), stdout=StringIO())
    whole = (tmp_path / "b.tar").read_bytes()
    (tmp_path / "torn.tar").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "b.tar.keys").rename(tmp_path / "torn.tar.keys")
    with closing(connect(empty_database)) as opened, opened.cursor() as cursor:
        cursor.execute("CREATE TABLE precious (n int)")
    assert restore(tmp_path / "torn.tar", empty_database, tmp_path / "restored", "--force").returncode == 1
    assert "precious" in contents(empty_database)


def test_for_named_keys_neither_archive_nor_keys_are_read_here(original, empty_database: str, tmp_path: Path, settings):
    """With BACKUP_RECIPIENTS the machine that makes backups cannot read them; who has the other half can."""
    owner = pyrage.x25519.Identity.generate()
    settings.BACKUP_RECIPIENTS = [str(owner.to_public())]
    call_command("backup", str(tmp_path / "b.age"), stdout=StringIO())
    keys = tmp_path / "b.age.keys"
    assert settings.SECRET_KEY.encode() not in keys.read_bytes()
    assert f"SECRET_KEY={settings.SECRET_KEY}" in pyrage.decrypt(keys.read_bytes(), [owner]).decode()
    refused = restore(tmp_path / "b.age", empty_database, tmp_path / "restored")
    assert (refused.returncode, "--keys" in refused.stderr) == (1, True)
    (tmp_path / "identity").write_text(f"# public key: {owner.to_public()}\n{owner}\n")
    done = restore(tmp_path / "b.age", empty_database, tmp_path / "restored", "--keys", str(tmp_path / "identity"))
    assert done.returncode == 0, done.stderr
    assert contents(empty_database) == contents(connection.settings_dict["NAME"])


@pytest.mark.parametrize("place", [40, -40, None], ids=["head", "end", "cut"])
def test_an_archive_that_was_changed_or_cut_is_refused_before_anything_is_touched(tmp_path: Path, place: int | None):
    """One bit, or the end gone: found by the encryption, whatever the archive says of itself."""
    owner = pyrage.x25519.Identity.generate()
    whole = bytearray(pyrage.encrypt(bytes(200_000), [owner.to_public()]))
    if place is None:
        del whole[-70_000:]
    else:
        whole[place] ^= 1
    (tmp_path / "b.age").write_bytes(whole)
    (tmp_path / "b.age.keys").write_text(f"BACKUP_KEY={owner}\n")
    with pytest.raises(CommandError, match=r"b\.age\.keys"):
        call_command("restore", str(tmp_path / "b.age"), "--force")


def test_a_wrong_recipient_is_told_before_anything_is_written(tmp_path: Path, settings):
    settings.BACKUP_RECIPIENTS = ["age1nobody"]
    with pytest.raises(CommandError, match="BACKUP_RECIPIENTS"):
        call_command("backup", str(tmp_path / "b.age"))
    assert not (tmp_path / "b.age").exists()


def test_other_keys_are_noticed(original, empty_database: str, tmp_path: Path):
    call_command("backup", str(tmp_path / "b.tar"), stdout=StringIO())
    done = restore(tmp_path / "b.tar", empty_database, tmp_path / "restored", SECRET_KEY="another")
    assert done.returncode == 0
    assert "FIELD_KEYS" in done.stderr


def test_a_backup_is_never_written_over(original, tmp_path: Path):
    (tmp_path / "b.tar").write_text("the last one")
    with pytest.raises(CommandError):
        call_command("backup", str(tmp_path / "b.tar"))
    assert (tmp_path / "b.tar").read_text() == "the last one"
