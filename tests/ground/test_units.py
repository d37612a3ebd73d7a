"""What stands in deploy/ for installations without Docker: systemd units and an example for nginx."""

import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ROOT = settings.BASE_DIR
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
NGINX = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
BIN = "/srv/cardfleet/.venv/bin/"
SIZES = {"k": 1 << 10, "m": 1 << 20}
# What Django, its middleware and cardfleet.browser_policy send with every answer.
SENT = re.compile(r"strict-transport|content-security|x-frame|x-content-type|referrer|permissions|cross-origin", re.I)


def commands(unit: Path) -> list[str]:
    """Return what a unit starts, one after the other."""
    return re.findall(rf"^ExecStart={BIN}(.+)$", unit.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", ["web", "worker", "beat", "migrate"])
def test_units_run_the_commands_of_compose(name: str) -> None:
    """tests/ground/test_deployment.py runs these."""
    command = COMPOSE[name]["command"]
    wanted = command[-1].split(" && ") if command[0] == "sh" else [" ".join(command)]
    assert commands(ROOT / "deploy" / "systemd" / f"cardfleet-{name}.service") == wanted


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_units_are_understood_and_run_as_nobody_special(unit: Path, tmp_path: Path) -> None:
    known = ConfigParser(strict=False, interpolation=None, delimiters="=")
    known.optionxform = str
    known.read_string(unit.read_text("utf-8"))
    service = known["Service"]
    assert service["User"] == "cardfleet"
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("true", "strict")
    assert service["StateDirectory"] == "cardfleet"
    if analyze := shutil.which("systemd-analyze"):
        here = tmp_path / unit.name
        text = unit.read_text("utf-8").replace(BIN, f"{Path(sys.executable).parent}/")
        here.write_text(text.replace("cardfleet-migrate.service", ""), "utf-8")
        done = subprocess.run([analyze, "verify", "--man=no", here], capture_output=True, text=True, check=False)
        assert unit.name not in done.stderr, done.stderr
        assert done.returncode == 0, done.stderr


def nginx(directive: str) -> list[str]:
    """Return what a directive is given, each time it stands there."""
    return re.findall(rf"^\s*{directive} ([^;]+);$", NGINX, re.MULTILINE)


def test_nginx_lets_through_what_cardfleet_takes() -> None:
    gunicorn = dict(re.findall(r"^(\w+) = (\d+)$", (ROOT / "gunicorn.conf.py").read_text("utf-8"), re.MULTILINE))
    (buffers,), (body,) = nginx("large_client_header_buffers"), nginx("client_max_body_size")
    _count, line = buffers.split()
    assert int(line[:-1]) * SIZES[line[-1]] >= int(gunicorn["limit_request_line"])
    assert int(body[:-1]) * SIZES[body[-1]] > settings.UPLOAD_MAX_BYTES
    assert int(nginx("proxy_read_timeout")[0].removesuffix("s")) > int(gunicorn["timeout"])
    assert int(nginx("keepalive_timeout")[0].removesuffix("s")) < int(gunicorn["keepalive"])


def test_nginx_says_who_asks_and_sends_no_header_twice() -> None:
    given = dict(one.split(" ", 1) for one in nginx("proxy_set_header"))
    assert given["X-Forwarded-For"] == "$remote_addr"
    assert given["X-Forwarded-Proto"] == "$scheme"
    assert {"Host", "X-Request-ID", "Connection"} <= given.keys()
    assert not [one for one in nginx("add_header") if SENT.match(one)]
    assert NGINX.count("{") == NGINX.count("}")
    server = NGINX.partition("listen 443")[2]
    assert server.index("proxy_set_header") < server.index("location /")
