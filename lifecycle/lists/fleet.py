"""The fleet list: its columns on the page and in files, its filters, sorts and tabs. Never a secret or an ID number."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, OuterRef, Q, Subquery, TextField, Value
from django.utils.translation import gettext_lazy as _

from billing.models import UsageDaily
from billing.selectors.balances import balances
from cardfleet.accounts.models import User
from cardfleet.kernel.spreadsheets import ColumnKind
from cardfleet.lists.cells import in_words, number
from cardfleet.lists.registry import Cell, ListColumn, Listing, Reader, Rows, register
from cards.choices import CustodyState, Purpose, ServiceState, StopReason
from cards.models import Card
from lifecycle.filters import FleetFilter
from lifecycle.selectors.fleet import SORTS

# As a card file takes them back.
SEPARATOR = ", "
TAGS = Card.tags.through.objects.filter(card=OuterRef("pk")).order_by("tag__key")
CALLS = UsageDaily.objects.filter(card_id=OuterRef("pk")).filter(Q(calls__gt=0) | Q(incoming__gt=0))


def cards_of(person: User) -> Rows:
    """Return the cards in a person's scope."""
    return Card.objects.visible_to(person)


def _of_balance(name: str) -> Callable[[Sequence[Any], Reader], Sequence[Any]]:
    """Return what reads a fact of the balances of some cards at once."""

    def read(card_ids: Sequence[Any], _reader: Reader) -> Sequence[Any]:
        found = balances(card_ids)
        return [getattr(found[card], name) if card in found else None for card in card_ids]

    return read


COLUMNS = (
    ListColumn(
        code="number",
        label=_("Number / ICCID"),
        sort="number",
        css="short-phone",
        cells=(Cell(title="ICCID", value="iccid"), Cell(title=_("Number"), value=number("msisdn"))),
    ),
    ListColumn(
        code="carrier",
        label=_("Carrier · plan"),
        sort="carrier",
        css="off-phone",
        cells=(Cell(title=_("Carrier"), value="carrier__name"), Cell(title=_("Plan"), value="plan__name")),
    ),
    ListColumn(
        code="state",
        label=_("State (reason)"),
        sort="state",
        css="short-phone end-phone",
        cells=(
            Cell(title=_("Service state"), value=in_words("service_state", ServiceState.choices)),
            Cell(title=_("Reason"), value=in_words("stop_reason", StopReason.choices)),
        ),
    ),
    ListColumn(
        code="holder",
        label=_("Holder · team"),
        sort="holder",
        cells=(
            Cell(title=_("Holder's staff number"), value="holder__staff_no"),
            Cell(title=_("Holder"), value="holder__name"),
            Cell(title=_("Team"), value="team__name"),
        ),
    ),
    ListColumn(
        code="balance",
        label=_("Balance"),
        css="num",
        in_file=False,
        cells=(
            Cell(title=_("Balance"), value="pk", kind=ColumnKind.MONEY, told=_of_balance("shown")),
            Cell(title=_("Balance as of"), value="pk", kind=ColumnKind.DATETIME, told=_of_balance("as_of")),
        ),
    ),
    ListColumn(
        code="calls",
        label=_("Calls today / cap"),
        css="off-phone",
        in_file=False,
        cells=(
            Cell(title=_("Calls today"), value="risk__calls_today", kind=ColumnKind.INTEGER),
            Cell(title=_("Cap of calls"), value="risk__call_limit", kind=ColumnKind.INTEGER),
        ),
    ),
    ListColumn(
        code="risk",
        label=_("Risk"),
        sort="risk",
        css="short-phone",
        cells=(Cell(title=_("Risk"), value="risk__score", kind=ColumnKind.INTEGER),),
    ),
    ListColumn(
        code="expiry",
        label=_("Expiry"),
        sort="expiry",
        css="off-phone when",
        cells=(
            Cell(title=_("Activated on"), value="activated_on", kind=ColumnKind.DATE),
            Cell(title=_("Expires on"), value="expires_on", kind=ColumnKind.DATE),
        ),
    ),
    ListColumn(
        code="last_call",
        label=_("Last call"),
        css="off-phone when",
        in_file=False,
        cells=(
            Cell(
                title=_("Last call"),
                value=Subquery(CALLS.order_by("-day").values("day")[:1]),
                kind=ColumnKind.DATE,
            ),
        ),
    ),
    ListColumn(
        code="custody",
        label=_("Custody / location"),
        css="off-phone",
        cells=(
            Cell(title=_("Custody"), value=in_words("custody_state", CustodyState.choices)),
            Cell(title=_("Storage location"), value="location"),
        ),
    ),
    ListColumn(
        code="region",
        label=_("Home region"),
        css="off-phone",
        usual=False,
        cells=(Cell(title=_("Home region"), value="region"),),
    ),
    ListColumn(
        code="tags",
        label=_("Tags"),
        css="off-phone",
        usual=False,
        cells=(
            Cell(
                title=_("Tags"),
                value=Func(
                    ArraySubquery(TAGS.values("tag__name")),
                    Value(SEPARATOR),
                    function="array_to_string",
                    output_field=TextField(),
                ),
            ),
        ),
    ),
    ListColumn(
        code="purpose",
        label=_("Purpose"),
        css="off-phone",
        usual=False,
        in_file=False,
        cells=(Cell(title=_("Purpose"), value=in_words("purpose", Purpose.choices)),),
    ),
    ListColumn(
        code="batch",
        label=_("Batch"),
        css="off-phone",
        usual=False,
        in_file=False,
        cells=(Cell(title=_("Batch"), value="batch"),),
    ),
    ListColumn(
        code="device",
        label="IMEI",
        css="off-phone",
        usual=False,
        in_file=False,
        cells=(Cell(title="IMEI", value="device_imei"),),
    ),
)

FLEET = register(
    Listing(
        code="cards",
        label=_("Cards"),
        url_name="lifecycle:fleet",
        permission="lifecycle.view_fleet",
        export_permission="cards.export_card",
        columns=COLUMNS,
        filters=FleetFilter,
        in_menu=(
            *("service_state", "custody_state", "carrier", "plan", "team", "staff_no"),
            *("tag", "risk", "alert", "expires_within", "noted", "documented"),
        ),
        sorts={"": ("pk",), **SORTS},
        scope=cards_of,
        views=(
            (_("All"), ""),
            (_("Stopped"), "stopped=true"),
            (_("High risk"), "risk=high"),
            (_("Arrears"), "alert=arrears&alert=low_balance"),
            (_("Expiring within 30 days"), "expires_within=30"),
            (_("Spare"), "custody_state=in_stock&custody_state=spare"),
            (_("To be accepted"), "unaccepted=true"),
        ),
    )
)
