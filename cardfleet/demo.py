"""`python -m cardfleet.demo` (`make demo`): the servers, a demo fleet, web, worker and beat, until Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from cardfleet import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
SIGN_INS = ("admin", "supervisor", "finance", "compliance", "agent")
PATIENCE_S = 120
FAREWELL_S = 20

CELERY = ("celery", "--app=cardfleet", "--quiet")
PROCESSES = {
    "web": ("gunicorn", "cardfleet.wsgi"),
    "worker": (*CELERY, "worker", "--concurrency=2", "--loglevel=INFO", "--without-gossip", "--without-mingle"),
    "beat": (*CELERY, "beat", "--loglevel=INFO"),
}


class Asked(Exception):
    """Somebody asked the demo to end."""


def main() -> None:
    """Run the demo; SystemExit with a sentence when it cannot."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    home = Path(os.environ.get("CARDFLEET_HOME", "var")).resolve()
    address = f"http://{host}:{port}"
    os.environ.setdefault("SITE_URL", address)
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, _ask)
    try:
        _refuse_taken(host, port)
        with embedded.servers(home):
            prepare()
            with processes(home) as running:
                wait_until_ready(address, running)
                tell(address, home)
                watch(running)
    except Asked:
        _say("CardFleet has ended.")


def prepare() -> None:
    """Bring the database up to date, and fill it when it holds no card."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cardfleet.settings")
    django.setup()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("load_reference")
    call_command("run_job", "make_partitions")
    if not apps.get_model("cards", "Card").objects.exists():
        _say("Making the demo fleet ...")
        call_command("seed_demo")


@contextmanager
def processes(home: Path) -> Iterator[dict[str, "subprocess.Popen[bytes]"]]:
    """Start web, worker and beat, each with a log under the home; end them with the block."""
    (home / "log").mkdir(exist_ok=True)
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in PROCESSES.items():
            running[name] = _start(command, home / "log" / f"{name}.log")
        yield running
    finally:
        _end(running)


def wait_until_ready(address: str, running: dict[str, "subprocess.Popen[bytes]"]) -> None:
    """Wait until `/readyz` says yes."""
    give_up = time.monotonic() + PATIENCE_S
    while not _is_ready(address):
        _refuse_dead(running)
        if time.monotonic() > give_up:
            raise SystemExit(f"CardFleet is not ready after {PATIENCE_S} seconds; see the logs under var/log.")
        time.sleep(0.3)


def tell(address: str, home: Path) -> None:
    """Print where it is and how to sign in."""
    password = os.environ.get("CARDFLEET_DEMO_PASSWORD", "cardfleet-demo")
    _say(f"CardFleet is ready: {address}")
    _say(f"Sign in as {', '.join(SIGN_INS)}; password: {password}")
    _say(f"Logs: {home / 'log'}. Ctrl-C ends it.")


def watch(running: dict[str, "subprocess.Popen[bytes]"]) -> None:
    """Return never; `Asked` when told to end, SystemExit when a process ends by itself."""
    while True:
        _refuse_dead(running)
        time.sleep(1)


def _start(command: tuple[str, ...], log: Path) -> "subprocess.Popen[bytes]":
    program = Path(sys.executable).parent / command[0]
    with log.open("ab") as handle:
        # A session of its own: Ctrl-C reaches only the demo, which then ends the three in order.
        return subprocess.Popen(
            [str(program), *command[1:]], cwd=BASE_DIR, stdout=handle, stderr=handle, start_new_session=True
        )


def _end(running: dict[str, "subprocess.Popen[bytes]"]) -> None:
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)
    for process in running.values():
        process.terminate()
    for process in running.values():
        try:
            process.wait(FAREWELL_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SystemExit(f"{host}:{port} cannot be used ({error.strerror}). Try: make demo PORT=8001") from error


def _refuse_dead(running: dict[str, "subprocess.Popen[bytes]"]) -> None:
    for name, process in running.items():
        if process.poll() is not None:
            raise SystemExit(f"The {name} process has ended by itself; its log under var/log says why: {name}.log")


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _ask(_sign: int, _frame: FrameType | None) -> None:
    raise Asked


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
