"""The embedded PostgreSQL and Redis of the demo, development and tests.

One pair a CARDFLEET_HOME. The servers listen on loopback without passwords, so any local user can reach
them: they are never for real work. They outlive the process that started them, so that a demo, a test run
and a command share them; `python -m cardfleet.embedded stop` ends them.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet

from cardfleet.embedded import postgres, redis

SERVERS = {"DATABASE_URL": postgres, "REDIS_URL": redis}
UNSET = (
    "DATABASE_URL and REDIS_URL are not set, and the embedded servers are {why}. "
    "Set both, with SECRET_KEY and FIELD_KEYS; .env.example tells what they look like."
)


def prepare_environment(home: Path) -> None:
    """Give the process the addresses of the embedded servers where DATABASE_URL or REDIS_URL is unset.

    Keys and CARDFLEET_DEMO come with them only when both are unset, so that a database somebody gave is
    never opened with throw-away keys. Whatever the environment holds already wins. SystemExit when there is
    nothing to start.
    """
    missing = [name for name in SERVERS if name not in os.environ and f"{name}_FILE" not in os.environ]
    if not missing:
        return
    if os.environ.get("CARDFLEET_EMBEDDED") == "off":
        raise SystemExit(UNSET.format(why="switched off"))
    if not all(SERVERS[name].available() for name in missing):
        raise SystemExit(UNSET.format(why="not installed"))
    demo = _environment(home, missing)
    for name in demo if len(missing) == len(SERVERS) else missing:
        os.environ.setdefault(name, demo[name])


def is_running(home: Path) -> bool:
    """Tell whether a server of this home answers."""
    return any(server.find(home) for server in SERVERS.values())


def stop(home: Path) -> None:
    """End the servers of this home; nothing happens where none runs."""
    if home.is_dir():
        with _only_one(home):
            for server in SERVERS.values():
                server.stop(home)


@contextmanager
def servers(home: Path) -> Iterator[None]:
    """Have the servers for a while; those that had to be started end with the block."""
    ours = not is_running(home)
    try:
        prepare_environment(home)
        yield
    finally:
        if ours:
            stop(home)


def _environment(home: Path, needed: list[str]) -> dict[str, str]:
    """Return what demo.env says once the needed servers answer, starting them first where they do not."""
    stored = _read(home)
    if stored and all(SERVERS[name].find(home) == stored.get(name) for name in needed):
        return stored
    home.mkdir(parents=True, exist_ok=True)
    with _only_one(home):
        values = _new_keys() | _read(home)
        values |= {name: SERVERS[name].find(home) or SERVERS[name].start(home) for name in needed}
        _write(home, values)
    return values


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    with (home / "embedded.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _new_keys() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_KEYS": Fernet.generate_key().decode(),
        "CARDFLEET_DEMO": "true",
    }


def _read(home: Path) -> dict[str, str]:
    try:
        lines = (home / "demo.env").read_text().splitlines()
    except FileNotFoundError:
        return {}
    return dict(line.split("=", 1) for line in lines)


def _write(home: Path, values: dict[str, str]) -> None:
    draft = home / "demo.env.new"
    draft.touch(mode=0o600)
    draft.write_text("".join(f"{name}={value}\n" for name, value in sorted(values.items())))
    draft.replace(home / "demo.env")
