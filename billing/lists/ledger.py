"""The lists of billing: the ledger, and the calls of a card."""

from datetime import datetime, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from billing.choices import CallDirection, EntryKind
from billing.filters import LedgerFilter, UsageFilter
from billing.models import LedgerEntry, UsageRecord
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day, day_start
from cardfleet.kernel.spreadsheets import ColumnKind
from cardfleet.lists.cells import in_words, masked, number
from cardfleet.lists.registry import Cell, ListColumn, Listing, Rows, register
from cards.models import Card

DAYS = 31


def entries_of(person: User) -> Rows:
    """Return the ledger entries in a person's scope."""
    return LedgerEntry.objects.visible_to(person)


def calls_of(person: User) -> Rows:
    """Return the calls of the cards in a person's scope."""
    return UsageRecord.objects.filter(card__in=Card.objects.visible_to(person).values("pk"))


def is_named(query: QueryDict) -> bool:
    """Tell whether a card is named: no index serves the calls of the whole fleet."""
    return bool(query.get("card") or query.get("msisdn"))


def of_late(calls: Rows, query: QueryDict, now: datetime) -> Rows:
    """Return what the API answers: without a card or a span of time the calls of the last 31 days."""
    if any(query.get(name) for name in ("card", "msisdn", "started_after", "started_before")):
        return calls
    return calls.filter(started_at__gte=now - timedelta(days=DAYS))


def of_one_card(calls: Any, query: QueryDict, now: datetime) -> Rows:
    """Return the calls of the card that is named, of the last 31 days unless a start is given; none without a card."""
    if not is_named(query):
        calls = calls.none()
    elif not query.get("started_after"):
        calls = calls.filter(started_at__gte=day_start(business_day(now)) - timedelta(days=DAYS))
    found: Rows = calls
    return found


LEDGER = register(
    Listing(
        code="ledger",
        label=_("Ledger"),
        url_name="billing:ledger",
        permission="billing.view_ledgerentry",
        export_permission="cards.export_card",
        columns=(
            ListColumn(
                code="at",
                label=_("Time"),
                cells=(
                    Cell(title=_("Time"), value="at", kind=ColumnKind.DATETIME),
                    Cell(title=_("Month"), value="month", kind=ColumnKind.DATE),
                ),
            ),
            ListColumn(
                code="card",
                label=_("Card"),
                cells=(
                    Cell(title="ICCID", value="card__iccid"),
                    Cell(title=_("Number"), value=number("card__msisdn")),
                    Cell(title=_("Carrier"), value="account__carrier__name"),
                ),
            ),
            ListColumn(
                code="account",
                label=_("Account"),
                css="off-phone",
                cells=(Cell(title=_("Account"), value="account__code"),),
            ),
            ListColumn(
                code="kind",
                label=_("Kind"),
                cells=(
                    Cell(title=_("Kind"), value=in_words("kind", EntryKind.choices)),
                    Cell(title=_("Note"), value="note"),
                ),
            ),
            ListColumn(
                code="amount",
                label=_("Amount"),
                css="num",
                cells=(Cell(title=_("Amount"), value="amount", kind=ColumnKind.MONEY),),
            ),
            ListColumn(
                code="reference",
                label=_("Reference"),
                css="off-phone",
                cells=(Cell(title=_("Reference"), value="reference"),),
            ),
            ListColumn(
                code="actor",
                label=_("Posted by"),
                css="off-phone",
                cells=(
                    Cell(title=_("Posted by"), value="actor__name"),
                    Cell(title=_("Posted at"), value="posted_at", kind=ColumnKind.DATETIME),
                ),
            ),
        ),
        filters=LedgerFilter,
        in_menu=("kind", "month"),
        sorts={"": ("-id",)},
        scope=entries_of,
    )
)

USAGE = register(
    Listing(
        code="usage",
        label=_("Usage"),
        url_name="billing:usage",
        permission="billing.view_usagerecord",
        export_permission="cards.export_card",
        is_personal=True,
        columns=(
            ListColumn(
                code="start",
                label=_("Start"),
                sort="start",
                cells=(
                    Cell(title=_("Start"), value="started_at", kind=ColumnKind.DATETIME),
                    Cell(title=_("Number"), value=number("msisdn")),
                ),
            ),
            ListColumn(
                code="direction",
                label=_("Direction"),
                cells=(Cell(title=_("Direction"), value=in_words("direction", CallDirection.choices)),),
            ),
            ListColumn(
                code="counterpart",
                label=_("Other number"),
                cells=(Cell(title=_("Other number"), value=masked("counterpart")),),
            ),
            ListColumn(
                code="seconds",
                label=_("Seconds"),
                css="num",
                cells=(Cell(title=_("Seconds"), value="duration_s", kind=ColumnKind.INTEGER),),
            ),
            ListColumn(
                code="fee",
                label=_("Fee"),
                css="num",
                cells=(Cell(title=_("Fee"), value="fee", kind=ColumnKind.MONEY),),
            ),
            ListColumn(
                code="agent",
                label=_("Agent"),
                css="off-phone",
                cells=(Cell(title=_("Agent"), value="agent__user__name"),),
            ),
            ListColumn(
                code="source",
                label=_("Source"),
                css="off-phone",
                cells=(Cell(title=_("Source"), value="source__name"),),
            ),
        ),
        filters=UsageFilter,
        box="msisdn",
        in_menu=("source", "direction", "started_after", "started_before"),
        sorts={"": ("-started_at",), "start": ("started_at",), "-start": ("-started_at",)},
        scope=calls_of,
        narrow=of_one_card,
        bound=of_late,
        size=100,
    )
)
