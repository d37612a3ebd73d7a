"""`/api/v1/plans/`."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field

from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.filtersets import Ids, ListFilterSet
from cardfleet.kernel.money import ZERO, to_fen
from cards.choices import Payment
from cards.models import PlanPrice, RatePlan


class PriceSerializer(serializers.ModelSerializer[PlanPrice]):
    """A price, in CNY, from a day until another that is not included."""

    class Meta:
        model = PlanPrice
        fields = (
            *("effective_from", "effective_to", "monthly_fee", "minimum_spend"),
            *("included_minutes", "included_sms", "included_data_mb"),
            *("minute_price", "incoming_price", "rounding_s", "least_s", "sms_price", "data_price_mb"),
            *("first_month", "last_month", "changed", "stopped", "voluntary_stop_fee"),
        )


class PlanSerializer(serializers.ModelSerializer[RatePlan]):
    """A plan with all its prices, latest first; `minimum_spend` is that of the price in force today, CNY."""

    prices = PriceSerializer(many=True, read_only=True)
    minimum_spend = serializers.SerializerMethodField()

    class Meta:
        model = RatePlan
        fields = (
            *("id", "name", "carrier", "payment", "tariff_no", "credit_limit", "minimum_spend", "is_sold"),
            *("lock_in_months", "exit_penalty", "exit_share", "note", "prices"),
        )

    @extend_schema_field(serializers.DecimalField(max_digits=13, decimal_places=2))
    def get_minimum_spend(self, plan: RatePlan) -> str:
        """Return what a month costs at least now."""
        today = business_day(timezone.now())
        known = (price for price in plan.prices.all() if price.effective_from <= today)
        price = max(known, key=lambda price: price.effective_from, default=None)
        in_force = price and (price.effective_to is None or price.effective_to > today)
        return str(price.minimum_spend if price and in_force else to_fen(ZERO))


class PlanFilter(ListFilterSet):
    """Filters over plans."""

    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains")
    carrier = Ids("carrier_id")
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
