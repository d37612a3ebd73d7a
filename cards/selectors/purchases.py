"""Orders and suppliers as they stand (R22)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, DecimalField, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from cardfleet.kernel.errors import Reason
from cards.choices import OrderState
from cards.models import Card, PurchaseLine, PurchaseOrder, Receipt, Supplier
from cards.rules.purchases import order_state
from cards.rules.suppliers import SupplierFacts, purchase_warnings

PRICE = DecimalField(max_digits=14, decimal_places=2)


@dataclass(frozen=True, kw_only=True)
class OrderStanding:
    """An order with how many cards it asked for, how many came, and what it comes to in CNY."""

    order: PurchaseOrder
    ordered: int
    received: int
    total: Decimal

    @property
    def state(self) -> OrderState:
        """How far it has come."""
        return order_state(ordered=self.ordered, received=self.received, is_closed=self.order.closed_at is not None)


@dataclass(frozen=True, kw_only=True)
class SupplierStanding:
    """A supplier with what speaks against it today, and its orders."""

    supplier: Supplier
    warnings: Sequence[Reason]
    orders: int


def supplier_facts(supplier: Supplier, *, words: Sequence[str] = ()) -> SupplierFacts:
    """Return what the rule asks of a supplier; `words` are said in an order beside its own."""
    return SupplierFacts(
        channel=supplier.channel,
        has_proof=supplier.proof_id is not None,
        proof_until=supplier.proof_until,
        carriers=frozenset(carrier.pk for carrier in supplier.carriers.all()),
        words=[supplier.name, supplier.promises, *words],
    )


def supplier_standings(*, on: date) -> list[SupplierStanding]:
    """Return all suppliers, those in use first, in two queries."""
    found = Supplier.objects.select_related("proof").prefetch_related("carriers").annotate(placed=Count("orders"))
    return [
        SupplierStanding(
            supplier=supplier,
            warnings=warnings_of(supplier, on=on),
            orders=vars(supplier)["placed"],
        )
        for supplier in found.order_by("-is_active", "name")
    ]


def warnings_of(supplier: Supplier, *, on: date) -> list[Reason]:
    """Return what speaks against a supplier whichever of its carriers is bought."""
    facts = supplier_facts(supplier)
    return purchase_warnings(facts, carriers=facts.carriers or frozenset({0}), on=on)


def order_standings(orders: "Iterable[PurchaseOrder] | QuerySet[PurchaseOrder]") -> list[OrderStanding]:
    """Return how far orders have come, in two queries whatever their number."""
    listed = list(orders)
    received = Receipt.objects.filter(line=OuterRef("pk")).order_by().values("line").annotate(n=Count("pk")).values("n")
    lines = PurchaseLine.objects.filter(order__in=listed).annotate(came=Coalesce(Subquery(received), 0))
    sums = {
        row["order"]: row
        for row in lines.order_by()
        .values("order")
        .annotate(
            ordered=Sum("quantity"),
            received=Sum("came"),
            total=Sum(F("quantity") * F("unit_price"), output_field=PRICE),
        )
    }
    return [
        OrderStanding(
            order=order,
            ordered=sums[order.pk]["ordered"] if order.pk in sums else 0,
            received=sums[order.pk]["received"] if order.pk in sums else 0,
            total=sums[order.pk]["total"] if order.pk in sums else Decimal(0),
        )
        for order in listed
    ]


def purchase_of(card: Card) -> Receipt | None:
    """Return the order a card came of, with line and supplier."""
    return Receipt.objects.select_related("line__order__supplier", "received_by").filter(card=card).first()
