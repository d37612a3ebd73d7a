"""The fleet list as a table: the same cards as the page, never a secret or an ID number."""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.masking import mask_msisdn
from cardfleet.kernel.spreadsheets import Column, ColumnKind, Value
from cards.models import Card

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
)


def fleet_table(cards: QuerySet[Card], *, whole_numbers: bool) -> Iterator[Sequence[Value]]:
    """Yield a row a card; numbers are masked unless `whole_numbers`. Read in chunks at constant memory."""
    joined = cards.select_related("carrier", "plan", "holder", "team", "risk").order_by("pk")
    for card in joined.iterator(chunk_size=2000):
        risk = getattr(card, "risk", None)
        yield (
            card.iccid,
            card.msisdn if whole_numbers else mask_msisdn(card.msisdn),
            card.carrier.name,
            card.plan.name if card.plan else None,
            card.get_service_state_display(),
            card.get_stop_reason_display() if card.stop_reason else None,
            card.get_custody_state_display(),
            card.holder.staff_no if card.holder else None,
            card.holder.name if card.holder else None,
            card.team.name if card.team else None,
            card.region,
            card.activated_on,
            card.expires_on,
            card.location,
            risk.score if risk else None,
        )
