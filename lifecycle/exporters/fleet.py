"""The fleet list as a table: the same cards as the page, never a secret or an ID number."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from django.db.models import Case, CharField, F, Func, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Left, Length, Right, Substr
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.copying import copied_csv
from cardfleet.kernel.spreadsheets import Column, ColumnKind, write_xlsx
from cards.choices import CustodyState, ServiceState, StopReason
from cards.models import Card
from cards.querysets import CardQuerySet

COLUMNS: Sequence[Column] = (
    Column("ICCID"),
    Column(_("Number")),
    Column(_("Carrier")),
    Column(_("Plan")),
    Column(_("Service state")),
    Column(_("Reason")),
    Column(_("Custody")),
    Column(_("Holder's staff number")),
    Column(_("Holder")),
    Column(_("Team")),
    Column(_("Home region")),
    Column(_("Activated on"), ColumnKind.DATE),
    Column(_("Expires on"), ColumnKind.DATE),
    Column(_("Storage location")),
    Column(_("Risk"), ColumnKind.INTEGER),
    Column(_("Note")),
    Column(_("Tags")),
)

# As a card file takes them back.
SEPARATOR = ", "


def fleet_csv(cards: CardQuerySet, *, whole_numbers: bool) -> Iterator[bytes]:
    """Yield a CSV with a row a card, in the active language; numbers are masked unless `whole_numbers`."""
    return copied_csv(COLUMNS, _rows(cards, whole_numbers=whole_numbers))


def write_fleet_xlsx(target: BinaryIO, cards: CardQuerySet, *, whole_numbers: bool) -> int:
    """Write the same table as XLSX and return the number of rows."""
    return write_xlsx(target, COLUMNS, _rows(cards, whole_numbers=whole_numbers).iterator())


def _rows(cards: CardQuerySet, *, whole_numbers: bool) -> QuerySet[Card, Any]:
    number = F("msisdn") if whole_numbers else masked_number()
    return (
        cards.with_tag_names()
        .order_by("pk")
        .values_list(
            "iccid",
            number,
            "carrier__name",
            "plan__name",
            in_words("service_state", ServiceState.choices),
            in_words("stop_reason", StopReason.choices),
            in_words("custody_state", CustodyState.choices),
            "holder__staff_no",
            "holder__name",
            "team__name",
            "region",
            "activated_on",
            "expires_on",
            "location",
            "risk__score",
            "note",
            Func("tag_names", Value(SEPARATOR), function="array_to_string", output_field=TextField()),
        )
    )


def masked_number() -> Combinable:
    """Return SQL for what `cardfleet.kernel.masking.mask_msisdn` makes of a card's number."""
    chinese = Substr("msisdn", 4)
    national = Case(When(msisdn__startswith="+86", then=chinese), default=F("msisdn"), output_field=TextField())
    shown = Concat(Left(national, 3), Value("****"), Right(national, 4), output_field=TextField())
    return Case(When(GreaterThan(Length(national), 7), then=shown), default=Value("****"), output_field=TextField())


def in_words(name: str, choices: Iterable[tuple[str, object]]) -> Combinable:
    """Return SQL for a choice's word in the active language."""
    words = [When(**{name: value}, then=Value(str(word))) for value, word in choices]
    return Case(*words, default=Value(""), output_field=CharField())
