"""The home of an installation that is only there to be tried: servers, ports, keys and files of its own."""

import os
import shutil
import socket
from pathlib import Path

from cardfleet import embedded

# What the checkout's own servers or somebody's settings may have left in the environment.
OTHERS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "CARDFLEET_DEMO", "CARDFLEET_EMBEDDED")
# A seed must make the same draw for the web's processes, whatever the machine.
WEB_WORKERS = 2


def prepare() -> Path:
    """Make the home of the trial by faults, with addresses for its mail server and its receiver of webhooks."""
    home = empty_home("chaos")
    mail, hook = (str(port) for port in free_ports(2))
    os.environ |= {
        "WEB_WORKERS": str(WEB_WORKERS),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail}",
        "CHAOS_HOOK_PORT": hook,
        "OUTGOING_ALLOWED_HOSTS": "127.0.0.1",
    }
    return home


def empty_home(called: str) -> Path:
    """Make an empty home below CARDFLEET_HOME, and an environment in which the settings start its servers."""
    home = Path(os.environ.get("CARDFLEET_HOME", "var")).resolve() / called
    embedded.stop(home)
    shutil.rmtree(home, ignore_errors=True)
    for name in ("dropped", "log", "static"):
        (home / name).mkdir(parents=True)
    for name in OTHERS:
        os.environ.pop(name, None)
    (web,) = (str(port) for port in free_ports(1))
    os.environ |= {
        "CARDFLEET_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "cardfleet.settings",
        "HOST": "127.0.0.1",
        "PORT": web,
        "SITE_URL": f"http://127.0.0.1:{web}",
        "CONNECTIONS_DIR": str(home / "dropped"),
        "API_REQUESTS_A_MINUTE": "0",
    }
    return home


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that nobody listens on."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
