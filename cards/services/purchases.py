"""Orders: placed, received wholly or in parts, invoiced, closed (R22)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.db.models import Count
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.files.services import store
from cardfleet.journal.recording import Deed, record, record_many
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.editing import check
from cardfleet.kernel.errors import BadInput, NotVisible, Reason
from cardfleet.kernel.transactions import one_transaction
from cards.errors import OrderClosed, SupplierDoubtful
from cards.models import Card, PurchaseLine, PurchaseOrder, Receipt, Supplier
from cards.querysets import CardQuerySet
from cards.rules.purchases import OpenLine, line_for
from cards.rules.suppliers import purchase_warnings
from cards.selectors.purchases import supplier_facts


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """The cards received, and why others were not."""

    cards: Sequence[Card]
    refused: Sequence[Reason]


@one_transaction
def place_order(
    *,
    number: str,
    supplier: Supplier,
    ordered_on: date,
    lines: Sequence[Mapping[str, Any]],
    note: str = "",
    reason: str = "",
    actor: User | None,
    now: datetime,
) -> PurchaseOrder:
    """Place an order; `lines` hold carrier, plan (or None), quantity and unit_price.

    SupplierDoubtful names what speaks against the supplier, unless `reason` says why the order is placed all the same;
    both are kept with the order. BadInput names the fields that do not hold.
    """
    facts = supplier_facts(supplier, words=[note])
    carriers = frozenset(line["carrier"].pk for line in lines)
    warnings = purchase_warnings(facts, carriers=carriers, on=ordered_on)
    if warnings and not reason.strip():
        raise SupplierDoubtful(reasons=warnings)
    order = PurchaseOrder(
        number=number.strip(),
        supplier=supplier,
        ordered_on=ordered_on,
        ordered_by=actor,
        recorded_at=now,
        warned_of=[warning.code for warning in warnings],
        reason=reason if warnings else "",
        note=note,
    )
    check(order)
    if not lines:
        raise BadInput(reasons=[Reason(code="no_lines", message=_("An order has at least one line. Add one."))])
    order.save(force_insert=True)
    for line in lines:
        _add_line(order, line)
    record(
        actor=actor,
        action="cards.order_placed",
        subject=order,
        related=(supplier,),
        reason=order.reason,
        now=now,
        data={"warned_of": order.warned_of},
    )
    return order


@one_transaction
def receive_cards(
    *,
    order_id: int,
    cards: CardQuerySet,
    card_ids: Sequence[int] | None = None,
    batch: str = "",
    actor: User | None,
    now: datetime,
) -> Delivery:
    """Receive cards of an order: those named, or those of an import batch, among the `cards` that may be named.

    What does not belong to the order stays out with its reason; the rest is received, with price, day and kind of
    supplier written on the cards. The number of statements does not depend on the number of cards. OrderClosed.
    """
    order = _locked_order(order_id)
    if order.closed_at:
        raise OrderClosed
    wanted = cards.filter(batch=batch) if card_ids is None else cards.filter(pk__in=card_ids)
    found = list(wanted.locked().order_by("pk"))
    earlier = dict(Receipt.objects.filter(card__in=found).values_list("card", "line__order__number"))
    lines = open_lines(order)
    fates = [(card, _fate(card, lines, earlier)) for card in found]
    taken = [(card, fate) for card, fate in fates if isinstance(fate, OpenLine)]
    _store(order, taken, actor=actor, now=now)
    return Delivery(
        cards=[card for card, _line in taken],
        refused=[replace(fate, value=card.masked_msisdn) for card, fate in fates if isinstance(fate, Reason)],
    )


@one_transaction
def record_invoice(
    *,
    order_id: int,
    invoice_no: str,
    invoiced_on: date,
    content: "File[bytes] | None",
    name: str = "",
    actor: User | None,
    now: datetime,
) -> PurchaseOrder:
    """Record the invoice of an order and its file; the same number of a supplier twice is refused (BadInput)."""
    order = _locked_order(order_id)
    order.invoice_no, order.invoiced_on = invoice_no.strip(), invoiced_on
    check(order)
    if content:
        order.invoice = store(content=content, name=name, purpose="invoice", owner=actor, now=now, subject=order)
    order.save(update_fields=["invoice_no", "invoiced_on", "invoice"])
    data = {"on": invoiced_on.isoformat()}
    record(actor=actor, action="cards.order_invoiced", subject=order, now=now, data=data)
    return order


@one_transaction
def close_order(*, order_id: int, reason: str, actor: User | None, now: datetime) -> PurchaseOrder:
    """End an order whose rest will not come. OrderClosed where that happened already."""
    order = _locked_order(order_id)
    if order.closed_at:
        raise OrderClosed
    if not reason.strip():
        message = _("Say why. The reason is kept in the journal.")
        raise BadInput(reasons=[Reason(code="reason_missing", field="reason", message=message)])
    order.closed_at = now
    order.save(update_fields=["closed_at"])
    record(actor=actor, action="cards.order_closed", subject=order, reason=reason, now=now)
    return order


def open_lines(order: PurchaseOrder) -> list[OpenLine]:
    """Return the lines of an order with how many cards each still lacks."""
    found = order.lines.annotate(received=Count("receipts")).values_list(
        "pk", "carrier", "plan", "quantity", "received"
    )
    return [
        OpenLine(pk=pk, carrier=carrier, plan=plan, lacking=max(0, quantity - received))
        for pk, carrier, plan, quantity, received in found.order_by("pk")
    ]


def _add_line(order: PurchaseOrder, given: Mapping[str, Any]) -> None:
    line = PurchaseLine(order=order, **given)
    if line.plan and line.plan.carrier_id != line.carrier_id:
        message = _("This plan is another carrier's. Choose one of the line's carrier.")
        raise BadInput(
            reasons=[Reason(code="plan_of_other_carrier", message=message, field="plan", value=line.plan.name)]
        )
    check(line)
    line.save(force_insert=True)


def _fate(card: Card, lines: Sequence[OpenLine], earlier: Mapping[int, str]) -> OpenLine | Reason:
    """Return the line a card fills, one card fewer lacking in it; or why it fills none."""
    if number := earlier.get(card.pk):
        message = format_lazy(_("The card was received with order {number} already."), number=number)
        return Reason(code="received_already", message=message)
    line = line_for(lines, carrier=card.carrier_id, plan=card.plan_id)
    if isinstance(line, OpenLine):
        line.lacking -= 1
    return line


def _store(order: PurchaseOrder, taken: Sequence[tuple[Card, OpenLine]], *, actor: User | None, now: datetime) -> None:
    if not taken:
        return
    lines = order.lines.in_bulk()
    rows = [Receipt(card=card, line=lines[line.pk], received_at=now, received_by=actor) for card, line in taken]
    Receipt.objects.bulk_create(rows)
    for pk, line in lines.items():
        Card.objects.filter(pk__in=[card.pk for card, taken_line in taken if taken_line.pk == pk]).update(
            purchase_price=line.unit_price,
            purchase_channel=order.supplier.channel,
            received_on=business_day(now),
            updated_at=now,
        )
    deeds = [Deed(action="cards.card_received", subject=card, related=(order,)) for card, _line in taken]
    record_many(deeds, actor=actor, now=now)


def _locked_order(order_id: int) -> PurchaseOrder:
    order = PurchaseOrder.objects.select_related("supplier").select_for_update(of=("self",)).filter(pk=order_id).first()
    if order is None:
        raise NotVisible
    return order
