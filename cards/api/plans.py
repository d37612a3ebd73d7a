"""`/api/v1/plans/`."""

import django_filters

from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cards.choices import Payment
from cards.models import Carrier, PlanPrice, RatePlan


class PriceSerializer(serializers.ModelSerializer[PlanPrice]):
    """A price, in CNY, from a day until another that is not included."""

    class Meta:
        model = PlanPrice
        fields = (
            *("effective_from", "effective_to", "monthly_fee", "included_minutes", "included_sms", "included_data_mb"),
            *("minute_price", "incoming_price", "rounding_s", "least_s", "sms_price", "data_price_mb"),
            *("first_month", "last_month", "changed", "stopped", "voluntary_stop_fee"),
        )


class PlanSerializer(serializers.ModelSerializer[RatePlan]):
    """A plan with all its prices, latest first."""

    prices = PriceSerializer(many=True, read_only=True)

    class Meta:
        model = RatePlan
        fields = (
            *("id", "name", "carrier", "payment", "tariff_no", "credit_limit", "minimum_spend", "is_sold"),
            *("lock_in_months", "exit_penalty", "exit_share", "note", "prices"),
        )


class PlanFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters over plans."""

    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains")
    carrier = django_filters.ModelChoiceFilter(queryset=Carrier.objects.all())
    payment = django_filters.ChoiceFilter(choices=Payment)

    class Meta:
        model = RatePlan
        fields: tuple[str, ...] = ()


class PlanViewSet(viewsets.ReadOnlyModelViewSet[RatePlan]):
    """Rate plans and their prices."""

    queryset = RatePlan.objects.prefetch_related("prices")
    serializer_class = PlanSerializer
    filterset_class = PlanFilter
    permission_classes = (HasRight,)
    right = "cards.view_rateplan"
    counted = True
