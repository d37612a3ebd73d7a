"""`/api/v1/purchases/`: orders, placed, received by scanning or from an import batch, invoiced, closed (R22)."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import acting, person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.parsers import WITH_FILES
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import Days, ListFilterSet
from cards.api.locations import CardsDoneSerializer, done
from cards.forms.stock import CloseForm, InvoiceForm, LineForm, OrderForm, ReceiveForm
from cards.models import Card, PurchaseLine, PurchaseOrder
from cards.selectors.scans import find_scanned
from cards.services.purchases import close_order, place_order, receive_cards, record_invoice

MOST_LINES = 20


class PurchaseLineSerializer(serializers.ModelSerializer[PurchaseLine]):
    """So many cards of a carrier and plan, of any where none is named, at a price each, CNY."""

    class Meta:
        model = PurchaseLine
        fields = ("id", "carrier", "plan", "quantity", "unit_price")
        read_only_fields = fields


class PurchaseSerializer(serializers.ModelSerializer[PurchaseOrder]):
    """An order; `warned_of` is what spoke against the supplier then, `reason` why it was placed, `invoice` a file."""

    lines = PurchaseLineSerializer(many=True, read_only=True)
    warned_of = serializers.ListField(child=serializers.JSONField(), read_only=True)

    class Meta:
        model = PurchaseOrder
        fields = (
            *("id", "number", "supplier", "ordered_on", "ordered_by", "recorded_at", "warned_of", "reason", "note"),
            *("invoice_no", "invoiced_on", "invoice", "closed_at", "lines"),
        )
        read_only_fields = fields


class NewOrderSerializer(asks(OrderForm)):  # type: ignore[misc]
    """An order of at least one line; `reason` says why all the same where something speaks against the supplier."""

    lines = serializers.ListField(child=asks(LineForm)(), allow_empty=False, max_length=MOST_LINES)


class PurchaseFilter(ListFilterSet):
    """Filters over orders; `open`: more is to come."""

    number = django_filters.CharFilter(lookup_expr="iexact")
    supplier = django_filters.NumberFilter(field_name="supplier_id")
    ordered_on = Days()
    open = django_filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull")

    class Meta:
        model = PurchaseOrder
        fields: tuple[str, ...] = ()


class PurchaseViewSet(viewsets.ReadOnlyModelViewSet[PurchaseOrder]):
    """The orders."""

    queryset = PurchaseOrder.objects.all()
    serializer_class = PurchaseSerializer
    filterset_class = PurchaseFilter
    permission_classes = (HasRight,)
    right = "cards.view_purchaseorder"
    rights = {
        "create": "cards.add_purchaseorder",
        **dict.fromkeys(("receive", "invoice", "close"), "cards.change_purchaseorder"),
    }

    def get_queryset(self) -> QuerySet[PurchaseOrder]:
        """Return them with their lines."""
        return PurchaseOrder.objects.prefetch_related("lines")

    @extend_schema(request=NewOrderSerializer, responses={201: PurchaseSerializer})
    def create(self, request: Request) -> Response:
        """Place an order."""
        asked = NewOrderSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        given: dict[str, Any] = asked.validated_data
        lines = [{"plan": None, **line} for line in given.pop("lines")]
        order = place_order(**given, lines=lines, **acting(request))
        return Response(PurchaseSerializer(order).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=asks(ReceiveForm), responses=CardsDoneSerializer)
    @action(detail=True, methods=["post"])
    def receive(self, request: Request, pk: str) -> Response:
        """Receive cards, scanned or of an import batch; what does not belong to it is told without losing the rest."""
        order, given = self.get_object(), filled(request, ReceiveForm).cleaned_data
        cards = Card.objects.visible_to(person_of(request))
        scanned = find_scanned(cards, given["cards"])
        ids = None if given["batch"] else [card.pk for card in scanned.cards]
        came = receive_cards(order_id=order.pk, cards=cards, card_ids=ids, batch=given["batch"], **acting(request))
        return done(came.cards, [*scanned.unknown, *came.refused])

    @extend_schema(request=asks(InvoiceForm), responses=PurchaseSerializer)
    @action(detail=True, methods=["post"], parser_classes=WITH_FILES)
    def invoice(self, request: Request, pk: str) -> Response:
        """Record the invoice, with its file as multipart."""
        order, given = self.get_object(), filled(request, InvoiceForm).cleaned_data
        file = given.pop("file")
        about = {"content": file, "name": file.name if file else ""}
        record_invoice(order_id=order.pk, **given, **about, **acting(request))
        return self._shown()

    @extend_schema(request=asks(CloseForm), responses=PurchaseSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close an order short."""
        order = self.get_object()
        close_order(order_id=order.pk, **filled(request, CloseForm).cleaned_data, **acting(request))
        return self._shown()

    def _shown(self) -> Response:
        return Response(PurchaseSerializer(self.get_object()).data)
