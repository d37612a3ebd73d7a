"""What goes with every answer to a browser, whatever the answer is."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse, reverse_lazy

from cardfleet.accounts.services.access import issue_token
from cardfleet.files.services import store
from cardfleet.wsgi import application

# How each kind of answer is come by: whom it is asked as, the address, and its status.
ANSWERS = {
    "a page": ("supervisor", "/", 200),
    "the sign-in": ("", "/account/login/", 200),
    "the way to the sign-in": ("", "/", 302),
    "a page that is not there": ("supervisor", "/nowhere/", 404),
    "a page of others": ("agent", "/journal/", 403),
    "a list of the API": ("supervisor", "/api/v1/cards/", 200),
    "an error of the API": ("", "/api/v1/cards/", 401),
    "the pages of the API": ("", "/api/v1/docs/", 200),
    "the schema of the API": ("", "/api/v1/schema/", 200),
    "a list as a file": ("supervisor", reverse_lazy("lifecycle:devices-export"), 200),
    "an uploaded file": ("supervisor", "{file}", 200),
    "a static file": ("", "/static/css/frame.css", 200),
    "the administration": ("admin", f"/{settings.ADMIN_PATH}", 200),
    "signs of life": ("", "/healthz", 200),
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}
MAY_BE_KEPT = {"a static file"}
ONLY_HERE = {"'none'", "'self'", "data:"}
OF_ADMINISTRATION = ONLY_HERE | {"'unsafe-inline'", "'unsafe-eval'"}
PRINT_SETTINGS = """
import json
from cardfleet import settings
print(json.dumps({name: getattr(settings, name) for name in dir(settings)
                  if "COOKIE" in name or "HSTS" in name}, default=str))
"""

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def ask(people, things, now, settings) -> Callable[[str], tuple[int, dict[str, str]]]:
    """Ask for a kind of answer over HTTPS, as where CardFleet is at work; returns status and headers."""
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    file = store(content=b"a,b\n", name="a.csv", purpose="x", owner=people["supervisor"], now=now)

    def asked(kind: str) -> tuple[int, dict[str, str]]:
        role, path, _status = ANSWERS[kind]
        client = Client()
        if role:
            client.force_login(people[role])
        answer = client.get(str(path).format(file=f"/files/{file.pk}/"), secure=True)
        answer.getvalue()
        return answer.status_code, dict(answer.headers)

    return asked


def sources(policy: str) -> dict[str, set[str]]:
    """Return the sources of each directive of a policy."""
    parts = (part.split() for part in policy.split(";"))
    return {name: set(allowed) for name, *allowed in parts}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_has_them(kind: str, ask) -> None:
    """V3.4: HSTS, nosniff, referrer, frames, opener, what a device is asked for, and a policy, on whatever it is."""
    status, headers = ask(kind)
    assert status == ANSWERS[kind][2]
    assert {name: headers.get(name) for name in ALWAYS} == ALWAYS
    assert "camera=()" in headers["Permissions-Policy"]
    assert ("no-store" in headers["Cache-Control"]) == (kind not in MAY_BE_KEPT)
    if kind == "an uploaded file":
        assert headers["Content-Security-Policy"] == "sandbox"
        return
    policy = sources(headers["Content-Security-Policy"])
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == {"'none'"}
    assert policy["default-src"] == policy["form-action"] == {"'self'"}
    allowed = OF_ADMINISTRATION if kind == "the administration" else ONLY_HERE
    assert {source for some in policy.values() for source in some} <= allowed


def test_a_defect_is_answered_with_them(ask, monkeypatch, people) -> None:
    """Where a view fails, the page that says so is held to the same."""
    monkeypatch.setattr("cardfleet.journal.views.ListView.get", lambda *_args, **_more: 1 / 0)
    client = Client(raise_request_exception=False)
    client.force_login(people["compliance"])
    failed = client.get("/journal/", secure=True)
    assert failed.status_code == 500
    assert {name: failed.headers.get(name) for name in ALWAYS} == ALWAYS
    assert "unsafe" not in failed.headers["Content-Security-Policy"]
    assert "ZeroDivisionError" not in failed.content.decode()


def test_the_short_way_of_a_dialler_says_the_same(people, things, now) -> None:
    """`can-call` is answered ahead of Django, with the headers of the ordinary way."""
    token, _expiry = issue_token(person=people["supervisor"], now=now)
    path = reverse("api:card-can-call", args=[things["card"]])
    environ = RequestFactory().get(path, headers={"Authorization": f"Token {token}"}).environ
    said: dict[str, dict[str, str]] = {}
    application(environ, lambda _status, heads, *_more: said.update(short=dict(heads)))
    ordinary = Client().get(path, headers={"Authorization": f"Token {token}"}).headers
    for name in ("Content-Security-Policy", "Permissions-Policy", "X-Content-Type-Options", "Cache-Control"):
        assert said["short"][name] == ordinary[name], name


@pytest.mark.parametrize("method", ["TRACE", "CONNECT"])
def test_a_method_nobody_uses_is_refused(method: str, people) -> None:
    client = Client()
    client.force_login(people["supervisor"])
    assert client.generic(method, "/").status_code == 405


def test_cookies_where_it_is_at_work() -> None:
    """V3.3: of this host alone, over HTTPS alone, out of reach of scripts and of other sites' forms."""
    environment = {"CARDFLEET_DEMO": "false", "PATH": "/usr/bin:/bin", "CARDFLEET_EMBEDDED": "off", "DEBUG": "false"}
    environment |= dict.fromkeys(("SECRET_KEY", "FIELD_KEYS"), "x")
    environment |= {"DATABASE_URL": "postgres://none/none", "REDIS_URL": "redis://none"}
    done = subprocess.run(
        [sys.executable, "-c", PRINT_SETTINGS], env=environment, capture_output=True, text=True, check=True,
        cwd=settings.BASE_DIR,
    )  # fmt: skip
    found = json.loads(done.stdout)
    for cookie in ("SESSION", "CSRF", "LANGUAGE"):
        assert found[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert found[f"{cookie}_COOKIE_SECURE"] is True
        assert getattr(settings, f"{cookie}_COOKIE_HTTPONLY") is True
        assert getattr(settings, f"{cookie}_COOKIE_SAMESITE") == "Lax"
        assert getattr(settings, f"{cookie}_COOKIE_DOMAIN") is None
        assert getattr(settings, f"{cookie}_COOKIE_PATH") == "/"
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
