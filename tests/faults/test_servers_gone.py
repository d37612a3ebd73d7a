"""Database or Redis away for a while: who asks is told so, nothing is lost, and all goes on without a restart."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import urllib3
from django.conf import settings
from django.test import Client
from django.utils import timezone

from cardfleet.accounts.choices import Role
from cardfleet.accounts.services.access import issue_token
from cardfleet.jobs.models import Job
from cardfleet.jobs.services.jobs import rescue_jobs
from cardfleet.kernel import heartbeat
from tests.cards.files import HEADER, csv_bytes, iccid
from tests.conftest import REDIS_URL, database_url, wait_until
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.faults.forwarding import Forwarder, forwarder
from tests.webhooks.test_delivery import free_port

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures("transactional_db", "reference")]
PAGES = ("/", "/cards/", "/inbox/", "/jobs/")
TOKEN = "c" * 32


@dataclass(frozen=True)
class Web:
    """CardFleet served by gunicorn, its servers behind ports that can be cut; and a person signed in."""

    address: str
    database: Forwarder
    redis: Forwarder
    session: str
    token: str
    log: Path

    def ask(self, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
        """Ask as a browser in Chinese that is signed in."""
        cookie = f"sessionid={self.session}; csrftoken={TOKEN}"
        given = {"Cookie": cookie, "Accept": "text/html", "Accept-Language": "en"} | headers
        return urllib3.request("GET", f"{self.address}{path}", headers=given, redirect=False, retries=False)

    def send(self, path: str, fields: dict, *, session: str | None = None) -> urllib3.BaseHTTPResponse:
        """Send a form, as that session where one is given."""
        signed_in = self.session if session is None else session
        headers = {"Cookie": f"sessionid={signed_in}; csrftoken={TOKEN}", "Accept": "text/html"}
        fields |= {"csrfmiddlewaretoken": TOKEN}
        return urllib3.request(
            "POST", f"{self.address}{path}", headers=headers, fields=fields, redirect=False, retries=False
        )

    def api(self, path: str) -> urllib3.BaseHTTPResponse:
        """Ask as a program."""
        headers = {"Authorization": f"Token {self.token}", "Accept-Language": "zh-hans"}
        return urllib3.request("GET", f"{self.address}{path}", headers=headers, retries=False)

    def checks(self) -> dict[str, str]:
        """Return what `/readyz` says."""
        return urllib3.request("GET", f"{self.address}/readyz", retries=False).json()["checks"]


@contextmanager
def served(environment: dict[str, str], log: Path) -> Iterator[str]:
    """Serve the site by gunicorn as it ships, and yield its address."""
    port = free_port()
    changed = {"HOST": "127.0.0.1", "PORT": str(port), "WEB_WORKERS": "1", "STATIC_ROOT": str(settings.STATIC_ROOT)}
    command = [str(Path(sys.executable).parent / "gunicorn"), "cardfleet.wsgi"]
    with log.open("w") as handle:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=os.environ | changed | environment, stdout=handle, stderr=handle
        )
    try:
        yield f"http://127.0.0.1:{port}"
        assert process.poll() is None, log.read_text()
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """The site, its servers there."""
    person = PersonFactory(role=Role.ADMIN, team=TeamFactory())
    browser = Client()
    browser.force_login(person)
    token, _expires = issue_token(person=person, now=timezone.now())
    at, log = settings.DATABASES["default"], tmp_path / "web.log"
    redis_port = urlsplit(REDIS_URL).port
    with forwarder(int(at["PORT"])) as database, forwarder(redis_port) as redis:
        environment = {
            "DATABASE_URL": database_url().replace(f":{at['PORT']}/", f":{database.port}/"),
            "REDIS_URL": REDIS_URL.replace(f":{redis_port}/", f":{redis.port}/"),
            "FILES_ROOT": str(settings.MEDIA_ROOT),
        }
        with served(environment, log) as address:
            running = Web(address, database, redis, str(browser.session.session_key), token, log)
            wait_until(lambda: _is_alive(running), what="the site does not answer")
            yield running


def _is_alive(web: Web) -> bool:
    try:
        return urllib3.request("GET", f"{web.address}/healthz", retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def test_a_database_that_is_away_is_told_in_chinese_and_comes_back_without_a_restart(web: Web) -> None:
    """Pages 503 in the company's language, the API in its own shape, no trace of code; then all as before."""
    assert [web.ask(path).status for path in PAGES] == [200] * len(PAGES)
    for _time in range(2):
        web.database.cut()
        for path in PAGES:
            answer = web.ask(path)
            text = answer.data.decode()
            assert (answer.status, answer.headers["Retry-After"]) == (503, "30"), path
            assert "数据库暂时没有响应" in text
            assert "Traceback" not in text
            assert "psycopg" not in text
        said = web.api("/api/v1/cards/")
        assert (said.status, said.json()["code"]) == (503, "database_away")
        assert "数据库" in said.json()["message"]
        assert web.checks()["database"] == "unwell"
        assert _is_alive(web)
        in_english = web.ask("/", Cookie=f"sessionid={web.session}; django_language=en").data.decode()
        assert "The database does not answer" in in_english
        web.database.join()
        assert [web.ask(path).status for path in PAGES] == [200] * len(PAGES)
        assert web.api("/api/v1/cards/").status == 200
        assert web.checks()["database"] == "ok"


def test_without_redis_pages_work_and_jobs_wait_until_it_is_back(web: Web, worker) -> None:
    """A file sent meanwhile is taken and answered as ever; once Redis is back a worker is called for it.

    A sign-in is told to wait: guesses are counted there, and none is let through uncounted.
    """
    heartbeat.beat("worker")
    web.redis.cut()
    assert [web.ask(path).status for path in PAGES] == [200] * len(PAGES)
    assert web.api("/api/v1/cards/").status == 200
    ready = web.ask("/readyz")
    assert (ready.status, web.checks()["redis"], web.checks()["database"]) == (503, "unwell", "ok")
    file = ("cards.csv", csv_bytes(HEADER, [iccid(1), "13800000001", "中国移动"]), "text/csv")
    sent = web.send("/imports/cards/", {"file": file, "create_missing": "on"})
    assert sent.status == 302, web.log.read_text()[-3000:]
    job = Job.objects.get()
    assert job.state == "queued"
    signing_in = web.send("/account/login/", {"login": "nobody", "password": "wrong"}, session="")
    assert (signing_in.status, "Redis 没有响应" in signing_in.data.decode()) == (503, True)
    web.redis.join()
    assert rescue_jobs(now=timezone.now() + timedelta(minutes=2)) == [job.pk]
    assert web.checks()["redis"] == "ok"
