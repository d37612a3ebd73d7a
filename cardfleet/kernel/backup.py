"""Backup and restore of the whole installation: one archive of database and files, and the keys apart from it.

The archive is a tar of `manifest.json`, `database.dump` (pg_dump's own format) and `files/`, encrypted with age
(age-encryption.org). Whoever holds it without the keys reads nothing of it; keep the two in different places. With
BACKUP_RECIPIENTS, public keys whose other half is elsewhere, both are for those alone, and this machine can make
backups but read none.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import pyrage
from django.conf import settings
from django.db import OperationalError, connection
from django.utils.translation import gettext_lazy as _

from cardfleet.embedded import postgres
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.owning import as_owner, grant_rights

FORMAT = 1
BEGINNING = b"age-encryption.org/"
IDENTITY = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]+")
VERSION = re.compile(r"\) (\d+)")
DEBIAN = Path("/usr/lib/postgresql")


class BackupRefused(Refusal):
    """The backup cannot be made or brought back; nothing was changed."""

    code = "backup_refused"


@dataclass(frozen=True)
class Manifest:
    """What an archive says about itself."""

    made_at: str
    database_sha256: str
    keys_sha256: str
    format: int = FORMAT


def back_up(target: Path, *, now: datetime) -> tuple[Path, Path]:
    """Write the archive and, beside it, the file of the keys; both readable by their owner only.

    `target` is the archive's name, or a folder in which it is named by the time. Returns both paths. Without
    BACKUP_RECIPIENTS the archive has a key of its own, which is in the file of the keys.
    """
    archive = target / f"cardfleet-{now:%Y%m%dT%H%M%SZ}.tar.age" if target.is_dir() else target
    keys = archive.with_name(archive.name + ".keys")
    for path in (archive, keys):
        if path.exists():
            raise BackupRefused(message=_("%(path)s is there already; name another.") % {"path": path})
    named, own = _recipients(), pyrage.x25519.Identity.generate()
    words = f"SECRET_KEY={settings.SECRET_KEY}\nFIELD_KEYS={','.join(settings.FIELD_KEYS)}\n"
    archive.parent.mkdir(parents=True, exist_ok=True)
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    # What is not encrypted yet stays on the disk on which the files are anyway.
    with (
        tempfile.TemporaryDirectory(dir=settings.MEDIA_ROOT.parent, prefix=".backup-") as plain,
        tempfile.TemporaryDirectory(dir=archive.parent, prefix=".backup-") as folder,
    ):
        whole, draft = Path(plain) / "archive", Path(folder) / "archive"
        _write_archive(whole, Path(plain) / "database.dump", now)
        draft.touch(mode=0o600)
        with whole.open("rb") as read, draft.open("wb") as written:
            pyrage.encrypt_io(read, written, named or [own.to_public()])
        content = words.encode()
        _write_privately(keys, pyrage.encrypt(content, named) if named else content + f"BACKUP_KEY={own}\n".encode())
        draft.replace(archive)
    return archive, keys


def restore(archive: Path, *, keys: Path, force: bool, now: datetime) -> bool:
    """Bring an archive back, and tell whether the keys in use are those it was made under.

    `keys` is the file beside the archive, or one with the secret key of one of BACKUP_RECIPIENTS. A database or a
    folder that holds something is refused unless forced; then the database is emptied first and the folder kept under
    another name.
    """
    if not force and (_holds_tables() or _holds_files()):
        raise BackupRefused(
            message=_("The database or the folder of the files is not empty. Name an empty one, or add --force.")
        )
    settings.MEDIA_ROOT.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.MEDIA_ROOT.parent, prefix=".restore-") as name:
        folder = Path(name)
        manifest = _unpack(_opened(archive, keys, folder), folder)
        _empty_database()
        _run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges",
             f"--dbname={connection.settings_dict['NAME']}", str(folder / "database.dump"))  # fmt: skip
        _replace_files(folder / "files", now)
        if settings.DATABASE_OWNER:
            with as_owner():
                grant_rights(connection.settings_dict["USER"])
    return manifest.keys_sha256 == _keys_hash()


def _write_archive(draft: Path, dump: Path, now: datetime) -> None:
    # The database first: a file that comes in meanwhile does no harm, a row without its file would.
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
    manifest = Manifest(made_at=now.isoformat(), database_sha256=_file_hash(dump), keys_sha256=_keys_hash())
    about = dump.with_name("manifest.json")
    about.write_text(json.dumps(asdict(manifest), indent=1), "utf-8")
    with tarfile.open(draft, "w") as tar:
        tar.add(about, about.name)
        tar.add(dump, dump.name)
        tar.add(settings.MEDIA_ROOT, "files")


def _recipients() -> list[pyrage.x25519.Recipient]:
    try:
        return [pyrage.x25519.Recipient.from_str(one) for one in settings.BACKUP_RECIPIENTS]
    except pyrage.RecipientError as error:
        raise BackupRefused(message=_("BACKUP_RECIPIENTS holds something that is no public key of age.")) from error


def _opened(archive: Path, keys: Path, folder: Path) -> Path:
    """Return the archive decrypted; one from before archives were encrypted as it is."""
    try:
        with archive.open("rb") as sealed:
            if sealed.read(len(BEGINNING)) != BEGINNING:
                return archive
            sealed.seek(0)
            plain = folder / "archive"
            with plain.open("wb") as written:
                pyrage.decrypt_io(sealed, written, _identities(keys))
    except (pyrage.DecryptError, OSError) as error:
        raise BackupRefused(
            message=_("%(path)s was changed, is torn, or is of other keys than those in %(keys)s.")
            % {"path": archive, "keys": keys}
        ) from error
    return plain


def _identities(keys: Path) -> list[pyrage.x25519.Identity]:
    found = IDENTITY.findall(keys.read_text("utf-8", errors="replace")) if keys.is_file() else []
    if not found:
        raise BackupRefused(
            message=_("No key that opens the backup is in %(keys)s. Name its file with --keys.") % {"keys": keys}
        )
    return [pyrage.x25519.Identity.from_str(one) for one in found]


def _unpack(archive: Path, folder: Path) -> Manifest:
    """Unpack and check everything before anything is changed."""
    unreadable = BackupRefused(message=_("%(path)s is not a whole backup of CardFleet.") % {"path": archive})
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
        manifest = Manifest(**json.loads((folder / "manifest.json").read_text("utf-8")))
        if manifest.format != FORMAT or _file_hash(folder / "database.dump") != manifest.database_sha256:
            raise unreadable
    except (OSError, tarfile.TarError, ValueError, TypeError) as error:
        raise unreadable from error
    return manifest


def _holds_tables() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')")
        return bool(cursor.fetchone()[0])


def _holds_files() -> bool:
    return settings.MEDIA_ROOT.is_dir() and any(settings.MEDIA_ROOT.iterdir())


def _empty_database() -> None:
    try:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '10s'")
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    except OperationalError as error:
        raise BackupRefused(message=_("The database is in use. Stop web, worker and beat first.")) from error
    finally:
        connection.close()


def _replace_files(restored: Path, now: datetime) -> None:
    if _holds_files():
        settings.MEDIA_ROOT.rename(
            settings.MEDIA_ROOT.with_name(f"{settings.MEDIA_ROOT.name}-before-{now:%Y%m%dT%H%M%SZ}")
        )
    elif settings.MEDIA_ROOT.is_dir():
        settings.MEDIA_ROOT.rmdir()
    restored.rename(settings.MEDIA_ROOT)


def _keys_hash() -> str:
    # Of random keys, so that the hash tells nothing about them.
    return hashlib.sha256("\n".join([settings.SECRET_KEY, *settings.FIELD_KEYS]).encode()).hexdigest()


def _file_hash(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _write_privately(path: Path, content: bytes) -> None:
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)


def _run(program: str, *arguments: str) -> None:
    known = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = os.environ | {name: str(known[key]) for name, key in names.items() if known[key]}
    if settings.DATABASE_OWNER:
        environment["PGOPTIONS"] = f"-c role={settings.DATABASE_OWNER}"
    done = subprocess.run([_tool(program), *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupRefused(
            message=_("%(program)s failed: %(words)s") % {"program": program, "words": done.stderr[-2000:]}
        )


def _tool(program: str) -> str:
    """Return the oldest program not older than the server: a newer one says things that server does not know."""
    server = _server_major()
    fitting = {major: path for path in _tools(program) if (major := _major(path)) >= server}
    if not fitting:
        raise BackupRefused(
            message=_("No %(program)s %(version)s or later is installed (Debian: postgresql-client).")
            % {"program": program, "version": server}
        )
    return str(fitting[min(fitting)])


def _server_major() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def _tools(program: str) -> Iterator[Path]:
    yield from DEBIAN.glob(f"*/bin/{program}")
    found = shutil.which(program)
    if found:
        yield Path(found)
    if postgres.available():
        yield postgres.binary(program)


def _major(path: Path) -> int:
    words = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False).stdout
    found = VERSION.search(words)
    return int(found[1]) if found else 0
