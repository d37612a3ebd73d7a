"""The list of a payment as CSV: whom, how much, for which claim. No bank accounts: CardFleet keeps none."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from billing.models import PaymentBatch
from cardfleet.kernel.spreadsheets import Column, ColumnKind, Value, csv_chunks


def as_csv(rows: Sequence[Sequence[Value]]) -> Iterator[bytes]:
    """Yield the rows of `export_payment` as CSV."""
    columns = [
        Column(_("Staff number")),
        Column(_("Name")),
        Column(_("Amount"), ColumnKind.MONEY),
        Column(_("Reference")),
    ]
    return csv_chunks(columns, rows)


def file_name(batch: PaymentBatch) -> str:
    """Return a name such as payment-12.csv."""
    return f"payment-{batch.pk}.csv"
