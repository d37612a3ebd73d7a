"""What Prometheus is shown, and the rules that are to call somebody out."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from billing.choices import BatchState
from billing.models import UsageBatch
from cardfleet.jobs.choices import JobState
from cardfleet.jobs.models import Job, ScheduledRun
from cardfleet.kernel import gauges, heartbeat
from cardfleet.kernel.clock import business_day, day_start
from cardfleet.kernel.tables import alert_rules
from cardfleet.notify.choices import MessageState
from cardfleet.notify.models import Delivery
from tests.conftest import REDIS_URL
from tests.factories.billing import UsageSourceFactory
from tests.factories.connections import ConnectionFactory
from tests.factories.lifecycle import AlertFactory
from tests.factories.notify import ChannelFactory, MessageFactory

pytestmark = pytest.mark.django_db
NAME = re.compile(r"\b(?:cardfleet|django)_\w+")
MINUTE = timedelta(minutes=1)


def shown() -> dict[str, float]:
    """Return the figures of the installation, those with a label as `name value`."""
    families = text_string_to_metric_families(gauges.exposed().decode())
    return {" ".join([one.name, *one.labels.values()]): one.value for family in families for one in family.samples}


def test_each_rule_names_what_is_exposed_and_says_what_to_do(client) -> None:
    """Issue 10: a rule about a figure that does not exist would never call anybody."""
    client.get("/account/login/")
    exposed = set(re.findall(r"^# TYPE (\w+) ", client.get("/metrics").content.decode(), re.MULTILINE))
    exposed |= {f"{name}_bucket" for name in exposed}
    rules = alert_rules()
    for rule in rules:
        names = set(NAME.findall(rule["expr"]))
        assert names <= exposed, (rule["alert"], names - exposed)
        assert names or rule["expr"].startswith("up{")
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["annotations"]["description"]
    assert len({rule["alert"] for rule in rules}) == len(rules)


def test_signs_of_life_and_the_queue() -> None:
    assert (shown()["cardfleet_alive worker"], shown()["cardfleet_alive beat"]) == (0, 0)
    heartbeat.beat("beat")
    with Redis.from_url(REDIS_URL) as broker:
        broker.lpush("celery", "a call", "another")
    figures = shown()
    assert (figures["cardfleet_alive worker"], figures["cardfleet_alive beat"]) == (0, 1)
    assert figures["cardfleet_queue_length"] == 2


def test_without_redis_the_others_are_shown(settings) -> None:
    nowhere = "redis://127.0.0.1:1/0"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": nowhere}}
    settings.CELERY_BROKER_URL = nowhere
    assert not {"cardfleet_alive worker", "cardfleet_queue_length"} & shown().keys()
    assert shown()["cardfleet_jobs queued"] == 0


def test_jobs_that_wait_run_or_failed() -> None:
    now = timezone.now()
    for state, code in [
        (JobState.QUEUED, ""),
        (JobState.RUNNING, ""),
        (JobState.FAILED, "unexpected"),
        (JobState.FAILED, "interrupted"),
        (JobState.FAILED, "file_unreadable"),
    ]:
        Job.objects.create(kind="x", state=state, error_code=code, created_at=now - 5 * MINUTE, finished_at=now)
    figures = shown()
    assert (figures["cardfleet_jobs queued"], figures["cardfleet_jobs running"]) == (1, 1)
    assert figures["cardfleet_jobs_defects"] == 2
    assert figures["cardfleet_jobs_oldest_queued_seconds"] == pytest.approx(300, abs=5)


def test_how_late_and_how_long_scheduled_jobs_are() -> None:
    today, now = day_start(business_day(timezone.now())), timezone.now()
    ScheduledRun.objects.create(name="sum_charges", on=today, started_at=today - timedelta(days=1), ok=True)
    ScheduledRun.objects.create(name="rescue_jobs", on=today, started_at=now, finished_at=now + 2 * MINUTE, ok=True)
    figures = shown()
    assert figures["cardfleet_scheduled_late_seconds rescue_jobs"] == 0
    assert figures["cardfleet_scheduled_took_seconds rescue_jobs"] == 120
    assert "cardfleet_scheduled_took_seconds sum_charges" not in figures


def test_messages_that_wait_or_failed() -> None:
    now = timezone.now()
    channel = ChannelFactory()
    late = MessageFactory(channel=channel, due_at=now - 10 * MINUTE)
    MessageFactory(channel=channel, due_at=now + MINUTE)
    MessageFactory(channel=channel, due_at=now - 9 * MINUTE, state=MessageState.SENT, sent_at=now - 2 * MINUTE)
    MessageFactory(channel=channel, due_at=now - 300 * MINUTE, state=MessageState.SENT, sent_at=now - 90 * MINUTE)
    for minutes, ok, permanent in [(1, False, False), (2, False, True), (3, True, False), (70, False, True)]:
        Delivery.objects.create(message=late, at=now - minutes * MINUTE, ok=ok, permanent=permanent)
    ChannelFactory(is_active=False, disabled_reason="410 Gone")
    ChannelFactory(is_active=False)
    figures = shown()
    assert figures["cardfleet_messages_due"] == 1
    assert figures["cardfleet_messages_late_seconds"] == pytest.approx(600, abs=5)
    assert figures["cardfleet_messages_delay_seconds"] == 7 * 60
    assert figures["cardfleet_messages_failures for_good"] == figures["cardfleet_messages_failures tried_again"] == 1
    assert figures["cardfleet_channels_disabled"] == 1


def test_rows_read_a_second_count_a_job_of_many_files_once() -> None:
    assert "cardfleet_import_rows_per_second" not in shown()
    now, source = timezone.now(), UsageSourceFactory()
    archive, single = (Job.objects.create(kind="x", created_at=now, started_at=now - 10 * MINUTE) for _job in range(2))
    for job, rows, minutes in [(archive, 3000, 2), (archive, 6000, 5), (single, 6000, 5), (None, 9, 1)]:
        at = now - (10 - minutes) * MINUTE
        UsageBatch.objects.create(
            source=source, job=job, rows_read=rows, created_at=now, stored_at=at, state=BatchState.STORED
        )
    assert shown()["cardfleet_import_rows_per_second"] == 25


def test_alerts_nobody_took_up_and_connections_that_fail() -> None:
    now = timezone.now()
    AlertFactory(severity="critical", opened_at=now - 30 * MINUTE)
    AlertFactory(severity="critical", opened_at=now - 90 * MINUTE, snoozed_until=now + MINUTE)
    AlertFactory(severity="critical", opened_at=now - 90 * MINUTE, state="acknowledged")
    AlertFactory(severity="warn", opened_at=now - 90 * MINUTE)
    ConnectionFactory(failures=3, failing_since=now)
    ConnectionFactory(failures=3, failing_since=now, is_enabled=False)
    figures = shown()
    assert figures["cardfleet_alerts_oldest_critical_seconds"] == pytest.approx(1800, abs=5)
    assert [figures[f"cardfleet_alerts_waiting {name}"] for name in ("info", "warn", "high", "critical")] == [
        0,
        1,
        0,
        1,
    ]
    assert figures["cardfleet_connections_failing"] == 1


def test_every_figure_is_known_to_the_reader_by_name() -> None:
    """docs/operations.md is written from the code; a figure without a meaning would stand there empty."""
    page = (settings.BASE_DIR / "docs" / "operations.md").read_text("utf-8")
    for name, what, _label in gauges.known():
        assert f"| `{name}` | {what} |" in page
