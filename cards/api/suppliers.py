"""`/api/v1/suppliers/`: who sells cards, and what speaks against it (R22)."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import parsers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import acting
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.filtersets import ListFilterSet
from cards.choices import PurchaseChannel
from cards.forms.stock import ProofForm, SupplierForm
from cards.models import Supplier
from cards.selectors.purchases import warnings_of
from cards.services.suppliers import edit_supplier, prove_supplier, record_supplier


class SupplierSerializer(serializers.ModelSerializer[Supplier]):
    """Who sells cards; `carriers` are those whose authorisation it shows, `proof` a file."""

    class Meta:
        model = Supplier
        fields = ("id", "name", "channel", "carriers", "proof", "proof_until", "contact", "promises", "is_active")
        read_only_fields = fields


class DoubtSerializer(serializers.Serializer[Any]):
    """What speaks against a supplier, and what clears it."""

    code = serializers.CharField()
    message = serializers.CharField()
    clears = serializers.CharField(allow_blank=True)


class DoubtfulSupplierSerializer(SupplierSerializer):
    """A supplier, and what speaks against it today."""

    warnings = serializers.SerializerMethodField()

    class Meta(SupplierSerializer.Meta):
        fields = (*SupplierSerializer.Meta.fields, "warnings")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]

    @extend_schema_field(DoubtSerializer(many=True))
    def get_warnings(self, supplier: Supplier) -> Any:
        """What speaks against it."""
        return DoubtSerializer(warnings_of(supplier, on=business_day(timezone.now())), many=True).data


class SupplierFilter(ListFilterSet):
    """Filters over suppliers."""

    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains")
    channel = django_filters.ChoiceFilter(choices=PurchaseChannel)
    is_active = django_filters.BooleanFilter()

    class Meta:
        model = Supplier
        fields: tuple[str, ...] = ()


class SupplierViewSet(viewsets.ReadOnlyModelViewSet[Supplier]):
    """The suppliers."""

    queryset = Supplier.objects.all()
    serializer_class = SupplierSerializer
    filterset_class = SupplierFilter
    permission_classes = (HasRight,)
    right = "cards.view_supplier"
    rights = {
        "create": "cards.add_supplier",
        "change": "cards.change_supplier",
        "proof": "cards.change_supplier",
    }

    def get_queryset(self) -> QuerySet[Supplier]:
        """Return them with their carriers."""
        return Supplier.objects.prefetch_related("carriers")

    @extend_schema(responses=DoubtfulSupplierSerializer)
    def retrieve(self, _request: Request, pk: str) -> Response:
        """Get one of the suppliers, and what speaks against it."""
        return Response(DoubtfulSupplierSerializer(self.get_object()).data)

    @extend_schema(request=asks(SupplierForm), responses={201: DoubtfulSupplierSerializer})
    def create(self, request: Request) -> Response:
        """Record a supplier, and say what speaks against it."""
        supplier = record_supplier(facts=filled(request, SupplierForm).cleaned_data, **acting(request))
        return Response(DoubtfulSupplierSerializer(supplier).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=asks(SupplierForm, partly=True), responses=DoubtfulSupplierSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        """Change a supplier; what is not sent stays as it is."""
        supplier = self.get_object()
        known = {name: getattr(supplier, name) for name in ("name", "channel", "contact", "promises")}
        form = filled(request, SupplierForm, begins={**known, "carriers": list(supplier.carriers.all())})
        changed = edit_supplier(supplier_id=supplier.pk, changes=form.cleaned_data, **acting(request))
        return Response(DoubtfulSupplierSerializer(changed).data)

    @extend_schema(request=asks(ProofForm), responses=DoubtfulSupplierSerializer)
    @action(detail=True, methods=["post"], parser_classes=[parsers.MultiPartParser])
    def proof(self, request: Request, pk: str) -> Response:
        """Store an authorisation, as multipart; the type is read from the content."""
        supplier, given = self.get_object(), filled(request, ProofForm).cleaned_data
        file = given["proof"]
        proven = prove_supplier(
            supplier_id=supplier.pk, content=file, name=file.name, until=given["until"], **acting(request)
        )
        return Response(DoubtfulSupplierSerializer(proven).data)
