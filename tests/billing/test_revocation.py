"""Revoking a whole batch (invariant 4)."""

import io
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.db import InternalError, connection, transaction

from agents.errors import ReasonMissing
from billing.choices import SourceRole
from billing.errors import AlreadyRevoked, NotStored
from billing.models import Account, LedgerEntry, LineRecord, RevokedUsage, UsageBatch, UsageDaily, UsageRecord
from billing.selectors.proofs import wrong_balances, wrong_usage
from billing.services.revocation import revoke_batch
from billing.services.usage_import import Upload, begin_batch, import_usage
from billing.tasks import revoke_usage
from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job
from cardfleet.jobs.progress import Progress
from cardfleet.journal.models import Entry
from tests.billing.conftest import generic
from tests.billing.test_api import API, signed_in
from tests.billing.test_asterisk import leg
from tests.factories.billing import UsageAliasFactory, UsageSourceFactory, VoiceLineFactory

CALL = "13812345678,2026-11-19 09:00:00,out,13900000001,61,0.30"
LATER = "13812345678,2026-11-19 10:00:00,out,13900000002,30,0.15"


@pytest.fixture
def revoke(now):
    return partial(revoke_batch, reason="wrong month", actor=None, now=now)


def test_calls_move_aside_and_rollups_and_ledger_follow(card, load, revoke):
    """X14: nothing is lost: the calls stay readable with the reason, and the money is reversed, not deleted."""
    kept = load(generic(LATER))
    batch = load(generic(CALL, CALL.replace("2026-11-19", "2026-10-31")))
    gone = revoke(batch=batch)
    assert (gone.records, gone.lines, gone.again) == (2, 0, [])
    assert list(UsageRecord.objects.values_list("batch_id", flat=True)) == [kept.pk]
    assert UsageDaily.objects.values_list("day", "calls").get() == (date(2026, 11, 19), 1)
    assert Account.objects.get().balance == Decimal("-0.15")
    assert [str(amount) for amount in LedgerEntry.objects.order_by("id").values_list("amount", flat=True)] == [
        "-0.15", "-0.30", "-0.30", "0.30", "0.30",
    ]  # fmt: skip
    assert not [*wrong_usage(), *wrong_balances()]
    moved = RevokedUsage.objects.filter(batch=batch).values_list("card_id", "duration_s", "fee")
    assert list(moved) == [(card.pk, 61, Decimal("0.30"))] * 2
    batch.refresh_from_db()
    assert (batch.state, batch.revoked_reason) == ("revoked", "wrong month")
    entry = Entry.objects.get(action="billing.usage_revoked")
    assert (entry.reason, entry.data) == ("wrong month", {"records": 2, "lines": 0})


def test_the_same_calls_may_come_again(card, load, revoke):
    """The corrected file, and the very same file too, are imported after a revocation, and can be revoked again."""
    first = load(generic(CALL))
    revoke(batch=first)
    again = load(generic(CALL, LATER))
    assert again.rows_stored == 2
    assert Account.objects.get().balance == Decimal("-0.45")
    assert revoke(batch=again).records == 2
    assert not UsageDaily.objects.exists()
    assert Account.objects.get().balance == 0
    assert not [*wrong_usage(), *wrong_balances()]


def test_a_call_two_files_held_goes_with_the_first_and_the_second_is_named(card, load, revoke):
    first, second = load(generic(CALL)), load(generic(CALL, LATER))
    gone = revoke(batch=first)
    assert gone.again == [second.pk]
    assert UsageRecord.objects.count() == 1
    assert load(generic(CALL, LATER)).rows_stored == 1


def test_the_carriers_charges_give_way_to_our_own_rating(card, load, revoke):
    load(generic(CALL), source=UsageSourceFactory(slug="pbx", role=SourceRole.SWITCH))
    carrier = load(generic(CALL.replace("0.30", "0.99")))
    assert Account.objects.get().balance == Decimal("-0.99")
    revoke(batch=carrier)
    assert Account.objects.get().balance == Decimal("-0.30")
    assert not [*wrong_usage(), *wrong_balances()]


def test_calls_on_voice_lines_go_too(load, revoke):
    source = UsageSourceFactory(slug="pbx", role=SourceRole.SWITCH)
    line = VoiceLineFactory()
    UsageAliasFactory(source=source, alias="trunk-a", line=line)
    batch = load(leg("Local/9-1", "SIP/trunk-a-00000002"), source=source)
    assert LineRecord.objects.count() == 1
    gone = revoke(batch=batch)
    assert (gone.records, gone.lines) == (0, 1)
    assert not LineRecord.objects.exists()
    assert RevokedUsage.objects.get().line_id == line.pk


def test_what_is_not_stored_or_revoked_already_is_refused(card, load, revoke, now):
    batch = load(generic(CALL))
    with pytest.raises(ReasonMissing):
        revoke(batch=batch, reason=" ")
    revoke(batch=batch)
    with pytest.raises(AlreadyRevoked):
        revoke(batch=batch)
    with pytest.raises(NotStored):
        revoke(batch=begin_batch(source=batch.source, sha256="", now=now))
    assert LedgerEntry.objects.count() == 2


@pytest.mark.owner
@pytest.mark.parametrize("deed", ["UPDATE billing_revokedusage SET flags = 9", "DELETE FROM billing_revokedusage"])
def test_revoked_calls_stay(deed, card, load, revoke):
    """X14: call evidence is kept by the database, also of revoked files."""
    revoke(batch=load(generic(CALL)))
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed)


def test_the_api_asks_for_it_and_a_job_does_it(reference, card, load):
    """POST usage/imports/{id}/revoke/ answers 202 with the job; the job runs twice and revokes once."""
    batch = load(generic(CALL))
    api = signed_in(Role.ADMIN)
    url = f"{API}usage/imports/{batch.pk}/revoke/"
    assert api.post(url, {"reason": ""}, format="json").status_code == 400
    answer = api.post(url, {"reason": "wrong month"}, format="json")
    assert (answer.status_code, answer.json()["kind"]) == (202, "billing.revoke_usage")
    job = Job.objects.get(pk=answer.json()["id"])
    for _run in range(2):
        outcome = revoke_usage(job, Progress(job))
        assert outcome.summary == {"rows_revoked": 1, "import_again": []}
    assert UsageBatch.objects.get().state == "revoked"
    assert api.get(f"{API}usage/imports/{batch.pk}/").json()["revoked_reason"] == "wrong month"
    assert api.post(url, {"reason": "again"}, format="json").json()["code"] == "already_revoked"


def test_only_who_may_revokes(reference, card, load):
    batch = load(generic(CALL))
    answer = signed_in(Role.COMPLIANCE).post(f"{API}usage/imports/{batch.pk}/revoke/", {"reason": "x"}, format="json")
    assert answer.status_code == 403
    assert (
        signed_in(Role.SUPERVISOR)
        .post(f"{API}usage/imports/{batch.pk}/revoke/", {"reason": "x"}, format="json")
        .status_code
        == 404
    )
    assert not Job.objects.exists()


def test_a_revoked_batch_is_not_stored_by_a_job_that_comes_late(card, load, revoke, now):
    batch = revoke(batch=load(generic(CALL))).batch
    upload = Upload(file=io.BytesIO(generic(CALL).encode()), name="calls.csv")
    again = import_usage(batch=batch, upload=upload, actor=None, now=now, progress=lambda _rows: None)
    assert again.state == "revoked"
    assert not UsageRecord.objects.exists()
