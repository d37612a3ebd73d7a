"""Files of bills: received, looked at, mapped, started or put away. What is stored of them is in `bills`."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from django.db import transaction
from django.utils.translation import gettext as _

from billing.choices import StatementState
from billing.errors import BillKnown, ColumnsUnknown, MonthMissing, StatementKnown, StatementNotWaiting, WrongMonth
from billing.importers.bills import ReadStatement, read_statement, signature_of
from billing.models import Account, Bill, BillProfile, BillStatement
from cardfleet.accounts.models import User
from cardfleet.files.services import attach, store
from cardfleet.jobs.services import start_job
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import month_start
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.navigation import url_or_empty
from cards.models import Carrier

if TYPE_CHECKING:
    from django.core.files.base import File

JOB = "billing.import_bills"
PURPOSE = "bills"
WAITING = frozenset({StatementState.RECEIVED, StatementState.FAILED})
IN_USE = frozenset({StatementState.RECEIVED, StatementState.PENDING, StatementState.STORED})


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A file of bills somebody sends, and what they say of it; None where the file is to tell.

    `account` is a shared one, or None where each card pays for itself. `total` is CNY as the carrier states it.
    """

    content: "File[Any]"
    name: str
    carrier: Carrier
    account: Account | None = None
    month: date | None = None
    issued_on: date | None = None
    due_on: date | None = None
    total: Decimal | None = None


@transaction.atomic
def receive_statement(*, sent: Sent, actor: User | None, now: datetime) -> BillStatement:
    """Keep a file of bills, to be looked at before it is imported.

    Raises StatementKnown for a file sent before, BillKnown where the account has a bill of the month, WrongMonth,
    MonthMissing, and BadInput for a file that is no table.
    """
    known = BillStatement.objects.filter(sha256=_sha256(sent.content), state__in=IN_USE).first()
    if known:
        raise StatementKnown(reasons=[_first("statement_known", known.name, "billing:bill-file", known.pk)])
    own = sent.account.code if sent.account else ""
    read = read_statement(cast("BinaryIO", sent.content), sent.name, mappings(sent.carrier), account=own)
    month = _month(sent.month, read)
    if sent.account:
        refuse_known(sent.account, month)
    stored = store(content=sent.content, name=sent.name, purpose=PURPOSE, owner=actor, now=now)
    statement = BillStatement.objects.create(
        carrier=sent.carrier,
        account=sent.account,
        month=month,
        file=stored,
        name=sent.name[-255:],
        sha256=stored.sha256,
        issued_on=sent.issued_on,
        due_on=sent.due_on,
        total=sent.total,
        created_at=now,
        created_by=actor,
    )
    attach(stored=stored, subject=statement)
    record(
        actor=actor,
        action="billing.statement_received",
        subject=statement,
        now=now,
        data={"month": f"{month:%Y-%m}"},
    )
    return statement


@transaction.atomic
def map_statement(
    *, statement: BillStatement, places: Mapping[int, str], line: int, actor: User, now: datetime
) -> BillProfile:
    """Keep what the columns of a header line hold, for this file and the next with the same header.

    Raises StatementNotWaiting; ColumnsUnknown where no amounts could be read so.
    """
    locked = BillStatement.objects.locked().get(pk=statement.pk)
    if locked.state not in WAITING:
        raise StatementNotWaiting
    header = next((cells for number, cells in read_again(locked).first_rows if number == line), [])
    columns = {str(place): value for place, value in places.items() if value and place < len(header)}
    profile, _made = BillProfile.objects.update_or_create(
        carrier=locked.carrier,
        signature=_hashed(signature_of(header)),
        defaults={"header": list(header), "columns": columns, "changed_at": now},
    )
    read = read_again(locked)
    if read.columns is None or not read.columns.is_readable:
        raise ColumnsUnknown
    record(actor=actor, action="billing.statement_mapped", subject=locked, now=now, data={"columns": columns})
    return profile


@transaction.atomic
def start_statement(*, statement: BillStatement, actor: User, now: datetime) -> BillStatement:
    """Ask for the import of a file that waits; return it with its job. StatementNotWaiting, ColumnsUnknown."""
    locked = BillStatement.objects.locked().select_related("file", "carrier").get(pk=statement.pk)
    if locked.state not in WAITING:
        raise StatementNotWaiting
    read = read_again(locked)
    if read.columns is None or not read.columns.is_readable:
        raise ColumnsUnknown
    locked.job = start_job(kind=JOB, owner=actor, now=now, input_file=locked.file, params={"statement": locked.pk})
    locked.state = StatementState.PENDING
    locked.save(update_fields=["job", "state"])
    return locked


@transaction.atomic
def put_away(*, statement: BillStatement, actor: User, now: datetime) -> None:
    """Put away a file that is not to be imported; it may be sent again then. StatementNotWaiting."""
    locked = BillStatement.objects.locked().get(pk=statement.pk)
    if locked.state not in WAITING:
        raise StatementNotWaiting
    locked.state = StatementState.PUT_AWAY
    locked.save(update_fields=["state"])
    record(actor=actor, action="billing.statement_put_away", subject=locked, now=now)


def read_again(statement: BillStatement) -> ReadStatement:
    """Return what the kept file says, as its columns are known now."""
    own = statement.account.code if statement.account else ""
    with statement.file.content.open("rb") as file:
        return read_statement(cast("BinaryIO", file), statement.name, mappings(statement.carrier), account=own)


def mappings(carrier: Carrier) -> dict[str, dict[str, str]]:
    """Return what people said of the columns of a carrier's statements, by the signature of the header."""
    profiles = BillProfile.objects.filter(carrier=carrier).order_by("changed_at")
    return {signature_of(profile.header): profile.columns for profile in profiles}


def refuse_known(account: Account, month: date) -> None:
    """BillKnown where the account has a bill of the month that stands."""
    bill = Bill.objects.standing().filter(account=account, month=month).first()
    if bill:
        raise BillKnown(reasons=[_first("bill_known", str(bill), "billing:bill", bill.pk)])


def _first(code: str, name: str, url_name: str, pk: int) -> Reason:
    message = _("The first one: {name}").format(name=name)
    return Reason(code=code, message=message, clear_url=url_or_empty(url_name, pk))


def _month(given: date | None, read: ReadStatement) -> date:
    """Return the month of a statement: the one given, unless the file says another."""
    rows = Counter(row.month for row in read.rows if row.month)
    told = read.month or (rows.most_common(1)[0][0] if rows else None)
    if given is None and told is None:
        raise MonthMissing
    month = month_start(given or told or date.min)
    if told is not None and told != month:
        message = _("The file says {told}.").format(told=f"{told:%Y-%m}")
        raise WrongMonth(reasons=[Reason(code="wrong_month", message=message, field="month", value=f"{told:%Y-%m}")])
    return month


def _sha256(content: "File[Any]") -> str:
    digest = hashlib.sha256()
    content.seek(0)
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
