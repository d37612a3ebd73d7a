"""`/api/v1/plans/`."""

import django_filters
from rest_framework import serializers, viewsets

from cardfleet.kernel.api.permissions import HasRight
from cards.choices import Payment
from cards.models import Carrier, PlanPrice, RatePlan


class PriceSerializer(serializers.ModelSerializer[PlanPrice]):
    """A price, in CNY, from a day until another that is not included."""

    class Meta:
        model = PlanPrice
        fields = (
            "effective_from",
            "effective_to",
            "monthly_fee",
            "included_minutes",
            "minute_price",
            "rounding_s",
            "sms_price",
        )


class PlanSerializer(serializers.ModelSerializer[RatePlan]):
    """A plan with all its prices, latest first."""

    prices = PriceSerializer(many=True, read_only=True)

    class Meta:
        model = RatePlan
        fields = ("id", "name", "carrier", "payment", "tariff_no", "credit_limit", "minimum_spend", "note", "prices")


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
