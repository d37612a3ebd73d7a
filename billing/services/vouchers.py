"""The accounts, cost centres and columns of the accounting export, and that a file of it was taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, TypeVar

from django.db import models, transaction

from billing.choices import VoucherValue
from billing.errors import TextUnusable
from billing.exporters.vouchers import as_csv, file_name
from billing.models import VoucherCentre, VoucherColumn, VoucherMapping
from billing.rules.known_accounts import KNOWN_ACCOUNTS
from billing.rules.vouchers import NAMES, is_usable
from billing.selectors.vouchers import file_columns, voucher_of
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import assign
from cardfleet.kernel.errors import Reason

MAPPING = frozenset({"kind", "debit", "tax", "credit", "text"})
CENTRE = frozenset({"team", "code"})
COLUMN = frozenset({"place", "title", "value"})
Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def load_vouchers(*, now: datetime) -> None:
    """Write the accounts commonly used of kinds that have none, and the columns where there are none."""
    for kind, accounts in KNOWN_ACCOUNTS.items():
        VoucherMapping.objects.get_or_create(kind=kind, defaults=accounts)
    if not VoucherColumn.objects.exists():
        VoucherColumn.objects.bulk_create(
            VoucherColumn(place=place, title=str(value.label), value=value)
            for place, value in enumerate(VoucherValue, start=1)
        )


@transaction.atomic
def record_mapping(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> VoucherMapping:
    """Record the accounts of a kind. TextUnusable, BadInput."""
    _check_text(facts)
    return _recorded(VoucherMapping(), facts, MAPPING, actor, now)


@transaction.atomic
def edit_mapping(*, mapping_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> VoucherMapping:
    """Change the accounts of a kind. TextUnusable, BadInput."""
    _check_text(changes)
    return _edited(VoucherMapping.objects.select_for_update().get(pk=mapping_id), changes, MAPPING, actor, now)


@transaction.atomic
def record_centre(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> VoucherCentre:
    """Record the cost centre of a team. BadInput."""
    return _recorded(VoucherCentre(), facts, CENTRE, actor, now)


@transaction.atomic
def edit_centre(*, centre_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> VoucherCentre:
    """Change the cost centre of a team. BadInput."""
    return _edited(VoucherCentre.objects.select_for_update().get(pk=centre_id), changes, CENTRE, actor, now)


@transaction.atomic
def record_column(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> VoucherColumn:
    """Add a column to the file. BadInput."""
    return _recorded(VoucherColumn(), facts, COLUMN, actor, now)


@transaction.atomic
def edit_column(*, column_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> VoucherColumn:
    """Change a column of the file. BadInput."""
    return _edited(VoucherColumn.objects.select_for_update().get(pk=column_id), changes, COLUMN, actor, now)


@dataclass(frozen=True, kw_only=True)
class VoucherFile:
    """A month's lines as CSV, and what it is called."""

    name: str
    content: bytes


@transaction.atomic
def take_out_voucher(*, month: date, actor: User, now: datetime) -> VoucherFile:
    """Return a month's lines as a file; journalled with its SHA-256. AccountsMissing, ColumnsMissing, Unbalanced."""
    voucher = voucher_of(month)
    content = as_csv(voucher, file_columns())
    data = {
        "month": f"{voucher.month:%Y-%m}",
        "rows": len(voucher.lines),
        "amount": str(voucher.debit),
        "provisional": voucher.provisional,
        "sha256": sha256(content).hexdigest(),
    }
    record(actor=actor, action="billing.voucher_exported", subject="billing.costs:voucher", now=now, data=data)
    return VoucherFile(name=file_name(voucher), content=content)


def _check_text(facts: Mapping[str, Any]) -> None:
    if not is_usable(facts.get("text", "")):
        names = " ".join(f"{{{name}}}" for name in NAMES)
        message = str(TextUnusable.sentence).format(names=names)
        raise TextUnusable(message=message, reasons=[Reason(code=TextUnusable.code, field="text", message=message)])


def _recorded(row: Row, facts: Mapping[str, Any], editable: frozenset[str], actor: User | None, now: datetime) -> Row:
    assign(row, facts, editable=editable)
    row.save(force_insert=True)
    record(actor=actor, action="billing.books_recorded", subject=row, now=now)
    return row


def _edited(row: Row, changes: Mapping[str, Any], editable: frozenset[str], actor: User | None, now: datetime) -> Row:
    changed = assign(row, changes, editable=editable)
    if changed:
        row.save(update_fields=changed)
        record(actor=actor, action="billing.books_changed", subject=row, now=now, data={"changed": changed})
    return row
