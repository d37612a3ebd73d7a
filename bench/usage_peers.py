"""What else a Django project would import call records by: `bulk_create`, and django-import-export in bulk mode."""

import csv
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import tablib
from import_export import fields, resources, widgets

from billing.models import UsageBatch, UsageRecord
from cardfleet.kernel.clock import SHANGHAI
from cards.models import Card


def by_bulk_create(path: Path, batch: UsageBatch) -> None:
    """Read a file and create its calls in lots of 5,000, without agent, rating and rollup."""
    known = _cards()
    with path.open() as file:
        rows = csv.DictReader(file)
        calls = [UsageRecord(**_values(row, known, batch)) for row in rows]
    UsageRecord.objects.bulk_create(calls, batch_size=5_000, ignore_conflicts=True)


def by_import_export(path: Path, batch: UsageBatch) -> None:
    """Import a file by a resource in bulk mode, without looking each row up."""
    known = _cards()
    data = tablib.Dataset().load(path.read_text(), format="csv")
    resource = cast("Callable[..., Any]", Calls)(known, batch)
    outcome = resource.import_data(data, raise_errors=True)
    if outcome.has_errors():
        raise AssertionError(outcome.row_errors()[:1])


class Calls(resources.ModelResource):  # type: ignore[misc]
    """A call by its ids and values, each as its widget reads it."""

    card_id = fields.Field("card_id", "card_id", widgets.IntegerWidget())
    batch_id = fields.Field("batch_id", "batch_id", widgets.IntegerWidget())
    source_id = fields.Field("source_id", "source_id", widgets.IntegerWidget())

    class Meta:
        """Every way to be fast that its manual names."""

        model = UsageRecord
        fields = (
            "card_id", "batch_id", "source_id", "started_at", "uid", "msisdn", "direction", "counterpart", "duration_s",
            "answered", "fee",
        )  # fmt: skip
        import_id_fields = ("uid",)
        force_init_instance = True
        use_bulk = True
        batch_size = 1_000
        skip_diff = True
        skip_unchanged = False

    def __init__(self, known: dict[str, int], batch: UsageBatch) -> None:
        super().__init__()
        self.known, self.batch = known, batch

    def before_import_row(self, row: dict[str, Any], **_options: Any) -> None:
        """Name the card, the batch and the source."""
        row["card_id"] = self.known[f"+86{row['msisdn']}"]
        row["batch_id"], row["source_id"] = self.batch.pk, self.batch.source_id
        row["msisdn"], row["counterpart"] = f"+86{row['msisdn']}", f"+86{row['counterpart']}"
        row["uid"] = str(uuid.UUID(row["uid"]))
        row["answered"] = "1" if row["duration_s"] != "0" else "0"


def _cards() -> dict[str, int]:
    return dict(Card.objects.values_list("msisdn", "pk"))


def _values(row: dict[str, str], known: dict[str, int], batch: UsageBatch) -> dict[str, Any]:
    msisdn = f"+86{row['msisdn']}"
    return {
        "card_id": known[msisdn],
        "started_at": datetime.fromisoformat(row["started_at"]).replace(tzinfo=SHANGHAI),
        "uid": uuid.UUID(row["uid"]),
        "source_id": batch.source_id,
        "batch_id": batch.pk,
        "msisdn": msisdn,
        "direction": row["direction"],
        "counterpart": f"+86{row['counterpart']}",
        "duration_s": int(row["duration_s"]),
        "answered": row["duration_s"] != "0",
        "fee": row["fee"],
    }
