"""Months and files that were kept long enough are dropped, and stay dropped (invariant 4)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from billing.errors import RetentionTooShort
from billing.models import (
    Account,
    LineRecord,
    RetentionRule,
    RevokedUsage,
    UsageBatch,
    UsageCharge,
    UsageDaily,
    UsageRecord,
    UsageReject,
)
from billing.selectors.partitions import existing_partitions
from billing.selectors.proofs import wrong_usage
from billing.services.retention import apply_retention, load_retention, set_retention
from billing.services.revocation import revoke_batch
from billing.tasks import drop_what_is_past
from cardfleet.accounts.choices import Role
from cardfleet.files.models import StoredFile
from cardfleet.files.services import store
from cardfleet.journal.models import Entry
from cardfleet.kernel.retention import categories, kept_from
from tests.billing.conftest import generic
from tests.billing.test_asterisk import leg
from tests.factories.accounts import PersonFactory
from tests.factories.billing import UsageAliasFactory, UsageSourceFactory, VoiceLineFactory

CALL = "13812345678,2026-11-19 09:00:00,out,13900000001,61,0.30"
OLD = "13812345678,2026-03-05 09:00:00,out,13900000001,61,0.20"
OLDER = "13812345678,2026-02-28 09:00:00,out,13900000001,61,0.10"
TODAY = date(2026, 11, 20)


@pytest.fixture
def rules(db, now):
    load_retention(now=now)
    return {rule.category: rule for rule in RetentionRule.objects.all()}


def keep(rules, category: str, months: int, now) -> None:
    set_retention(rule_id=rules[category].pk, months=months, actor=None, now=now)


@pytest.mark.parametrize(
    ("months", "first"),
    [(0, date(2026, 11, 1)), (6, date(2026, 5, 1)), (11, date(2025, 12, 1)), (24, date(2024, 11, 1))],
)
def test_whole_months_are_kept(months, first):
    assert kept_from(TODAY, months) == first


def test_a_retention_is_set_and_never_below_the_floor(rules, now):
    """Floors of domain.md section 2, held by service and database."""
    calls = rules["calls"]
    with pytest.raises(RetentionTooShort) as refused:
        keep(rules, "calls", categories()["calls"].floor.months - 1, now)
    assert refused.value.reasons[0].value == "6"
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionRule.objects.filter(pk=calls.pk).update(months=5)
    keep(rules, "calls", 6, now)
    assert Entry.objects.get(action="billing.retention_set").data == {
        "category": "calls",
        "from": 24,
        "to": 6,
        "at_once": 20_000_000,
    }


def test_loading_again_changes_nothing_that_was_set(rules, now):
    keep(rules, "rejects", 12, now)
    load_retention(now=now)
    assert RetentionRule.objects.get(category="rejects").months == 12
    assert RetentionRule.objects.count() == len(categories())


@pytest.mark.parametrize("form", ["month", "day"])
def test_months_past_their_time_are_dropped_whole(form, rules, card, load, settings, now):
    """Month and day partitions; twice is once; costs of dropped months stay; journalled with counts."""
    settings.USAGE_PARTITION = form
    load(generic(OLD, OLDER, CALL))
    keep(rules, "calls", 7, now)
    assert drop_what_is_past(on=TODAY, now=now)["calls"] == 2
    assert drop_what_is_past(on=TODAY, now=now)["calls"] == 0
    assert UsageRecord.objects.get().started_at.month == 11
    assert all("_202611" in name for name in existing_partitions())
    assert (UsageDaily.objects.count(), UsageCharge.objects.count()) == (3, 3)
    assert Account.objects.get().balance == Decimal("-0.60")
    assert not list(wrong_usage())
    entry = Entry.objects.get(action="billing.retention_applied", data__category="calls")
    assert entry.data["dropped"] == {"2026-02": 1, "2026-03": 1, "lines": 0}
    assert entry.data["before"] == "2026-04-01"


def test_late_calls_of_a_dropped_month_are_refused_and_say_since_when(rules, card, load, now):
    load(generic(OLD))
    keep(rules, "calls", 7, now)
    apply_retention(on=TODAY, now=now)
    batch = load(generic(OLD, "13812345678,2026-04-01 00:00:00,out,13900000001,61,0.20", CALL))
    assert (batch.rows_stored, batch.rows_refused) == (2, 1)
    reject = UsageReject.objects.get()
    assert (reject.code, reject.column, reject.value) == ("month_dropped", "started_at", "2026-03-05 09:00:00")
    assert reject.since == date(2026, 4, 1)
    assert "2026-04-01" in reject.message
    assert not list(wrong_usage())


def test_a_longer_retention_lets_nothing_in_again(rules, card, load, now):
    keep(rules, "calls", 7, now)
    apply_retention(on=TODAY, now=now)
    keep(rules, "calls", 24, now)
    apply_retention(on=TODAY + timedelta(days=1), now=now)
    assert load(generic(OLD)).rows_refused == 1


def test_calls_on_voice_lines_go_with_their_month_and_come_no_more(rules, load, now):
    source = UsageSourceFactory(slug="pbx", role="switch")
    UsageAliasFactory(source=source, alias="trunk-a", line=VoiceLineFactory())
    text = leg("Local/9-1", "SIP/trunk-a-00000002", start="2026-03-05 09:00:00")
    UsageAliasFactory._meta.model.objects.update(valid_from=now - timedelta(days=400))
    assert load(text, source=source).rows_stored == 1
    keep(rules, "calls", 6, now)
    assert apply_retention(on=TODAY, now=now)["calls"] == 1
    assert not LineRecord.objects.exists()
    assert load(text, source=source).rows_refused == 1


def test_bills_stay_as_long_as_vouchers(rules, now):
    """R83: files of bills and letters of carriers are kept thirty years, and go then."""
    for purpose in ("bills", "dispute_replies"):
        store(content=purpose.encode(), name=f"{purpose}.pdf", purpose=purpose, owner=None, now=now)
    assert apply_retention(on=date(2056, 11, 1), now=now)["bill_files"] == 0
    assert apply_retention(on=date(2057, 1, 10), now=now)["bill_files"] == 2


def test_files_refused_rows_and_revoked_calls_have_their_own_time(rules, card, load, now):
    """R83: personal data is kept as long as needed; name and hash of a discarded file stay, its content goes."""
    bad = load(generic(CALL, "13812345678,2026-02-31 09:00:00,out,13900000001,61,0"))
    revoke_batch(batch=load(generic(OLD)), reason="wrong", actor=None, now=now)
    stored = store(content=b"a,b\n", name="calls.csv", purpose="usage", owner=None, now=now)
    path = stored.content.path
    UsageBatch.objects.filter(pk=bad.pk).update(sample=[[2, CALL.split(",")]])
    later = date(2029, 1, 10)
    with transaction.atomic():
        counts = apply_retention(on=later, now=now)
    assert (counts["rejects"], counts["files"], counts["revoked"]) == (1, 2, 1)
    assert UsageBatch.objects.get(pk=bad.pk).sample == []
    assert not bad.rejects.exists()
    assert not RevokedUsage.objects.exists()
    kept = StoredFile.objects.get(pk=stored.pk)
    assert (kept.content.name, kept.sha256, kept.name) == ("", stored.sha256, "calls.csv")
    assert path.endswith(stored.pk.hex)
    assert sum(apply_retention(on=later, now=now).values()) == 0


def test_files_past_their_own_date_are_discarded(rules, now, django_capture_on_commit_callbacks):
    kept = store(content=b"a,b\n", name="a.csv", purpose="x", owner=None, now=now, delete_after=now)
    gone = store(content=b"c,d\n", name="b.csv", purpose="x", owner=None, now=now, delete_after=now - timedelta(1))
    with django_capture_on_commit_callbacks(execute=True):
        assert apply_retention(on=TODAY, now=now)["expired_files"] == 1
    assert kept.content.storage.exists(kept.content.name)
    assert not gone.content.storage.exists(gone.content.name)


def test_compliance_sets_it_in_the_administration(reference, client):
    rule = RetentionRule.objects.get(category="calls")
    page = reverse("admin:billing_retentionrule_change", args=[rule.pk])
    client.force_login(PersonFactory(role=Role.COMPLIANCE))
    assert client.post(page, {"months": 5, "at_once": 9}).status_code == 200
    assert client.post(page, {"months": 12, "at_once": 9}).status_code == 302
    rule.refresh_from_db()
    assert rule.months == 12


def test_a_discarded_file_is_not_there_to_download(rules, reference, client, now):
    admin = PersonFactory(role=Role.ADMIN)
    stored = store(content=b"a,b\n", name="a.csv", purpose="x", owner=admin, now=now, delete_after=now - timedelta(1))
    apply_retention(on=TODAY, now=now)
    client.force_login(admin)
    assert client.get(reverse("files:download", args=[stored.pk])).status_code == 404
