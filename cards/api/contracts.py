"""`/api/v1/contracts/`."""

import django_filters
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import Days, Ids, ListFilterSet
from cards.models import Contract


class ContractSerializer(serializers.ModelSerializer[Contract]):
    """A contract with a carrier; money is CNY, days are Shanghai's."""

    class Meta:
        model = Contract
        fields = (
            "id",
            "number",
            "carrier",
            "starts_on",
            "ends_on",
            "first_months",
            "renewal_months",
            "notice",
            "notice_unit",
            "notice_given_on",
            "penalty_fixed",
            "penalty_share",
            "daily_call_limit",
            "purposes",
            "industries",
            "number_change_banned",
            "complaint_terms",
        )


class ContractFilter(ListFilterSet):
    """Filters over contracts."""

    search = django_filters.CharFilter(field_name="number", lookup_expr="icontains")
    carrier = Ids("carrier_id")
    ends_on = Days(label=_("ends on"))

    class Meta:
        model = Contract
        fields: tuple[str, ...] = ()


class ContractViewSet(viewsets.ReadOnlyModelViewSet[Contract]):
    """Contracts with carriers."""

    queryset = Contract.objects.all()
    serializer_class = ContractSerializer
    filterset_class = ContractFilter
    permission_classes = (HasRight,)
    right = "cards.view_contract"
    counted = True
