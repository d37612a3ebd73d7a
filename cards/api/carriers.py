"""`/api/v1/carriers/`."""

import django_filters

from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import ListFilterSet
from cards.choices import CarrierKind
from cards.models import Carrier


class CarrierSerializer(serializers.ModelSerializer[Carrier]):
    """A carrier with its terms; `terms_illustrative` says that they are not established."""

    class Meta:
        model = Carrier
        fields = (
            "id",
            "code",
            "name",
            "aliases",
            "kind",
            "network_of",
            "hotline",
            "portal",
            "account_manager",
            "account_manager_phone",
            "cancellation_policy",
            "document_checklist",
            "stop_below",
            "due_day",
            "stop_after_days",
            "restore_hours",
            "terminate_after_days",
            "freeze_days",
            "recycle_after_days",
            "terms_source",
            "terms_illustrative",
        )


class CarrierFilter(ListFilterSet):
    """Filters over carriers."""

    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains")
    code = django_filters.CharFilter()
    kind = django_filters.ChoiceFilter(choices=CarrierKind)

    class Meta:
        model = Carrier
        fields: tuple[str, ...] = ()


class CarrierViewSet(viewsets.ReadOnlyModelViewSet[Carrier]):
    """Carriers."""

    queryset = Carrier.objects.all()
    serializer_class = CarrierSerializer
    filterset_class = CarrierFilter
    permission_classes = (HasRight,)
    right = "cards.view_carrier"
    counted = True
