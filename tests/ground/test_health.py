"""What machines ask, and what `manage.py doctor` answers."""

from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from billing.services.partitions import ensure_ahead
from cardfleet.kernel import health, heartbeat
from cardfleet.kernel.clock import business_day


def test_alive_looks_at_nothing(client):
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_only_while_a_worker_is_seen(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "ok", "redis": "ok", "worker": "unwell"}
    heartbeat.beat("worker")
    assert client.get("/readyz").json()["status"] == "ok"


def test_redis_that_does_not_answer_is_named(settings):
    nowhere = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": nowhere}
    assert [bool(result.advice) for result in health.examine(["redis", "worker"])] == [True, True]


def test_without_redis_neither_worker_nor_beat_ends(settings):
    """A sign of life that nobody hears is no reason to die: both are there when Redis is back."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    heartbeat.beat("worker")
    heartbeat.beat("beat")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "asked", "status"),
    [
        ("", {}, 200),
        ("", {"REMOTE_ADDR": "10.1.2.3"}, 403),
        ("", {"HTTP_X_FORWARDED_FOR": "10.1.2.3"}, 403),
        ("secret", {}, 403),
        ("secret", {"HTTP_AUTHORIZATION": "Bearer wrong"}, 403),
        ("secret", {"HTTP_AUTHORIZATION": "Bearer secret", "REMOTE_ADDR": "10.1.2.3"}, 200),
    ],
)
def test_metrics_are_for_this_machine_or_the_token(client, settings, token, asked, status):
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", **asked).status_code == status


def test_every_answer_carries_a_request_id(client):
    assert len(client.get("/healthz")["X-Request-ID"]) == 32
    assert client.get("/healthz", headers={"X-Request-ID": "trace-0001"})["X-Request-ID"] == "trace-0001"
    assert client.get("/healthz", headers={"X-Request-ID": "a b\u00ff'"})["X-Request-ID"] != "a b\u00ff'"


def doctor(*names: str) -> tuple[int, str]:
    """Return exit code and output of the command."""
    out = StringIO()
    try:
        call_command("doctor", *names, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.django_db
def test_doctor_names_what_is_missing_and_only_that():
    code, said = doctor()
    unwell = {line.split()[1] for line in said.splitlines() if line.startswith("!!")}
    assert code == 1
    assert {"worker", "beat"} <= unwell
    assert not {"database", "redis", "keys", "storage", "clock", "migrations"} & unwell


@pytest.mark.django_db
def test_doctor_is_content_when_all_is_well():
    heartbeat.beat("worker")
    heartbeat.beat("beat")
    assert doctor("database", "redis", "worker", "beat", "keys") == (
        0,
        "".join(f"ok  {name}\n" for name in ("database", "redis", "worker", "beat", "keys")),
    )


@pytest.mark.django_db
def test_doctor_sees_a_broken_key(settings):
    settings.FIELD_KEYS = ["not-a-key"]
    code, said = doctor("keys")
    assert (code, said[:8]) == (1, "!!  keys")


@pytest.mark.django_db
def test_doctor_asks_for_the_partitions_of_this_and_the_next_month():
    assert doctor("partitions")[0] == 1
    ensure_ahead(business_day(timezone.now()))
    assert doctor("partitions") == (0, "ok  partitions\n")


def test_a_worker_shows_a_sign_of_life_and_takes_it_along(worker):
    assert heartbeat.seen("worker")
    worker.kill()
    assert not cache.get("heartbeat:worker")
