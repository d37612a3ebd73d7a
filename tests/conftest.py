"""What every test may ask for: on the servers of the checkout, but with databases and files of its own."""

import asyncio
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from billing.selectors.partitions import existing_partitions
from cardfleet.celery import app as celery_app
from cardfleet.kernel import heartbeat
from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.owning import grant_rights
from tests.emptying import empty_tables
from tests.reference import REFERENCE
from tests.template import make_template, template_name

# One person of each role and one of every thing, for whoever walks all addresses.
pytest_plugins = ["tests.things"]

# Redis database 0 is the demo's; each process of pytest-xdist takes one of its own.
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
REDIS_URL = f"{settings.REDIS_URL.rpartition('/')[0]}/{int(PROCESS) + 1}"
settings.REDIS_URL = settings.CELERY_BROKER_URL = settings.CACHES["default"]["LOCATION"] = REDIS_URL
celery_app.conf.broker_url = REDIS_URL
# Nobody needs what a test wrote after the machine went out.
settings.DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"
settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# Every client of a test would list all static files anew.
settings.WHITENOISE_AUTOREFRESH = True
# The real one is slow on purpose; one-time passwords are hashed by it whatever comes first.
settings.PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("MD5", "PBKDF2")]

TransactionTestCase._fixture_teardown = empty_tables

# The role that owns no table; its rights are the same in every database of the cluster.
ROLE = "cardfleet_app"
APPLICATION = f"""
DO $$ BEGIN
    CREATE ROLE {ROLE} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
settings.DATABASE_OWNER = settings.DATABASES["default"]["USER"]

FRIDAY = datetime(2026, 11, 20, 10, 30, tzinfo=SHANGHAI)
# The shell draws the same pages with less than half of the work, for want of a window around them.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-gpu"]


def pytest_configure(config: pytest.Config) -> None:
    """Let each process copy one migrated database; the first of them, which starts the others, makes it."""
    database = settings.DATABASES["default"]
    database.setdefault("TEST", {})["TEMPLATE"] = name = template_name()
    if not hasattr(config, "workerinput"):
        make_template(database, name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a browser or a worker by what they ask for."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "live" in names:
            item.add_marker("browser")
        if "worker" in names:
            item.add_marker("broker")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """Begin without the partitions that transactional tests of an earlier run left: emptying tables keeps them."""
    with django_db_blocker.unblock():
        drop_partitions()
        with connection.cursor() as cursor:
            cursor.execute(APPLICATION)
        grant_rights(ROLE)


@pytest.fixture(autouse=True)
def _as_the_application(request, _django_db_marker) -> None:
    """Let a test have the application's rights and no more; transactional tests and marked ones own the tables."""
    if "_django_db_helper" in request.fixturenames:
        request.getfixturevalue("_django_db_helper")
    if request.node.get_closest_marker("owner") is None and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('role', %s, true)", [ROLE])


def drop_partitions() -> None:
    """Drop every partition of call records."""
    with connection.cursor() as cursor:
        for name in existing_partitions():
            cursor.execute(f"DROP TABLE {name}")


@pytest.fixture(autouse=True)
def _own_redis() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _own_files(_own_redis, settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def now() -> datetime:
    """A Friday at half past ten in Shanghai."""
    return FRIDAY


@pytest.fixture
def reference(db, now: datetime) -> None:
    """Roles, rule kinds and the other reference data."""
    REFERENCE.put(now=now)


class Worker:
    """A real Celery worker on the test's database and Redis; it can be killed and started again."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it shows a sign of life."""
        environment = {**os.environ, "DATABASE_URL": database_url(), "REDIS_URL": REDIS_URL}
        environment |= {"FILES_ROOT": str(settings.MEDIA_ROOT)}
        command = [sys.executable, "-m", "celery", "-A", "cardfleet", "worker", "--concurrency=1", "--loglevel=INFO"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        wait_until(self._started, what=f"the worker does not start, see {self.log}")

    def _started(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            pytest.fail(f"the worker ended at once: {self.log.read_text()[-2000:]}")
        return heartbeat.seen("worker")

    def end(self) -> None:
        """Let it finish what it does and end."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=60)
        self.process = None

    def kill(self) -> None:
        """End it at once, with its children, as a power cut would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=60)
        self.process = None
        cache.delete("heartbeat:worker")


@pytest.fixture
def worker(transactional_db, settings, tmp_path: Path) -> Iterator[Worker]:
    """A running Celery worker."""
    running = Worker(tmp_path / "worker.log")
    try:
        running.start()
        yield running
    finally:
        running.end()


def database_url() -> str:
    """Return the address of the test database."""
    known = connection.settings_dict
    password = f":{known['PASSWORD']}" if known["PASSWORD"] else ""
    return f"postgres://{known['USER']}{password}@{known['HOST']}:{known['PORT']}/{known['NAME']}"


def wait_until(true, *, what: str, seconds: float = 60) -> None:
    """Wait until something is true; fail with `what` when it does not become so in time."""
    give_up = time.monotonic() + seconds
    while not true():
        if time.monotonic() > give_up:
            pytest.fail(what)
        time.sleep(0.1)


class Chromium:
    """One browser for all tests of the process; each page is a window with cookies and storage of its own.

    Playwright's loop passes for running only while a page is open: Django refuses its ORM beside a running loop.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.playwright = sync_playwright().start()
        self.loop = asyncio.get_running_loop()
        self.browser = self._launch()
        asyncio._set_running_loop(None)

    @contextmanager
    def window(self, **context) -> Iterator[BrowserContext]:
        """Open a window; one inside another is a second person."""
        before = asyncio._get_running_loop()
        asyncio._set_running_loop(self.loop)
        try:
            if not self.browser.is_connected():
                self.browser = self._launch()
            window = self.browser.new_context(**context)
            try:
                yield window
            finally:
                window.close()
        finally:
            asyncio._set_running_loop(before)

    def end(self) -> None:
        """End the browser."""
        asyncio._set_running_loop(self.loop)
        self.playwright.stop()

    def _launch(self) -> Browser:
        return self.playwright.chromium.launch(executable_path=self.path, args=QUIET)


class Live:
    """CardFleet on a port, and a Chromium to look at it.

    No ORM call inside `with live.page()`: prepare data before it, assert on data after it.
    """

    def __init__(self, url: str, chromium: Chromium) -> None:
        self.url = url
        self.chromium = chromium

    @contextmanager
    def page(self, *, width: int = 1280, height: int = 900, session: str = "", **context) -> Iterator[Page]:
        """Open a page in Chinese; `session` is a session key that signs in (`client.session.session_key`)."""
        size = {"width": width, "height": height}
        with self.chromium.window(base_url=self.url, locale="zh-CN", viewport=size, **context) as window:
            if session:
                window.add_cookies([{"name": "sessionid", "value": session, "url": self.url}])
            yield window.new_page()

    def screenshot(self, page: Page, name: str) -> None:
        """Keep a picture of the whole page under var/screenshots/, where SCREENSHOTS=1 asks for it: each takes time."""
        if os.environ.get("SCREENSHOTS") == "1":
            page.screenshot(path=settings.CARDFLEET_HOME / "screenshots" / f"{name}.png", full_page=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium | None]:
    """The browser; None without a Chromium on the machine."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        yield None
        return
    browser = Chromium(path)
    yield browser
    browser.end()


@pytest.fixture
def live(request, transactional_db, settings, caplog, chromium: Chromium | None) -> Live:
    """CardFleet in a browser; without a Chromium the test is skipped, or fails under REQUIRE_BROWSER=1."""
    if chromium is None:
        missing = "No Chromium here (Debian: apt-get install chromium-headless-shell fonts-noto-cjk)."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    # A line a request would push what went wrong out of the report.
    caplog.set_level(logging.WARNING, "cardfleet.request")
    return Live(request.getfixturevalue("live_server").url, chromium)
