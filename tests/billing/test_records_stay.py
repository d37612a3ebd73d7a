"""Call records and complaints are append-only, held by the database (invariant 4)."""

from datetime import date

import pytest
from django.db import InternalError, connection, transaction

from billing.models import UsageRecord
from billing.services.partitions import ensure_partitions
from lifecycle.models import Complaint
from tests.billing.conftest import at, generic
from tests.factories.lifecycle import ComplaintFactory

# Even the owner of the tables is refused.
pytestmark = pytest.mark.owner

CALL = "13812345678,2026-11-19 09:00:00,out,13900000001,30,0.15"
# The parent, and the partition the import made.
TABLES = ("billing_usagerecord", "billing_usagerecord_202611")
REVOKING = "SELECT set_config('cardfleet.revoking', %s, true)"


CHANGE, DELETE = "UPDATE {} SET duration_s = 1", "DELETE FROM {}"
DELETE_BATCH = "DELETE FROM {} WHERE batch_id = %s"


def refused(deed: str, table: str) -> None:
    with pytest.raises(InternalError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed.format(table))


@pytest.mark.parametrize("table", TABLES)
def test_no_call_record_is_changed_or_deleted(table, card, load):
    """X14: on the table and on its partitions."""
    load(generic(CALL))
    refused(CHANGE, table)
    refused(DELETE, table)
    assert UsageRecord.objects.get().duration_s == 30


def test_a_partition_made_later_is_guarded_too(card, load):
    ensure_partitions(date(2027, 5, 1), date(2027, 5, 1))
    load(generic(CALL.replace("2026-11", "2026-05")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'pgtrigger_append_only%%'", [])
        assert {"billing_usagerecord_202605", "billing_usagerecord_202705"} <= {row[0] for row in cursor.fetchall()}
    refused(DELETE, "billing_usagerecord_202605")


@pytest.mark.parametrize("table", TABLES)
def test_the_rows_of_a_batch_that_is_revoked_may_go_and_no_others(table, card, load):
    """Invariant 4: rows leave with their batch, in the transaction that says so."""
    batch, other = load(generic(CALL)), load(generic(CALL.replace("09:00", "10:00")))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REVOKING, [str(batch.pk)])
        refused(CHANGE, table)
        refused(DELETE, table)
        cursor.execute(DELETE_BATCH.format(table), [batch.pk])
    assert UsageRecord.objects.get().batch_id == other.pk


@pytest.mark.django_db
def test_a_complaint_is_neither_changed_nor_deleted():
    """X14: evidence stays."""
    complaint = ComplaintFactory(summary="as it came", received_at=at(19))
    with pytest.raises(InternalError), transaction.atomic():
        Complaint.objects.update(summary="milder")
    with pytest.raises(InternalError), transaction.atomic():
        complaint.delete()
    assert Complaint.objects.get().summary == "as it came"
