"""`/api/v1/months/`: months as finance closes them."""

from typing import Any

from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from billing.choices import ClosingCheck
from billing.models import ClosedMonth
from billing.selectors.closing_checks import Found
from billing.selectors.closing_page import Closing, MonthLine, closing
from billing.services.closing import close_month
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight


class ClosedMonthSerializer(serializers.ModelSerializer[ClosedMonth]):
    """A closed month; `figures` is what it closed with: entries, cards, sums by kind (CNY), a hash of its entries."""

    class Meta:
        model = ClosedMonth
        fields = ("month", "closed_at", "closed_by", "figures")
        read_only_fields = fields


class MonthLineSerializer(serializers.Serializer[MonthLine]):
    """What a month cost, CNY, and what of that is `late`: about months that were closed before."""

    month = serializers.DateField()
    cost = serializers.DecimalField(max_digits=15, decimal_places=2)
    late = serializers.DecimalField(max_digits=15, decimal_places=2)
    closed = ClosedMonthSerializer(allow_null=True)


class FoundSerializer(serializers.Serializer[Found]):
    """How many of what a check found; what `blocks` must be settled, the rest be seen."""

    check = serializers.ChoiceField(choices=ClosingCheck.choices)
    message = serializers.CharField(source="check.label")
    count = serializers.IntegerField()
    blocks = serializers.BooleanField()


class ClosingSerializer(serializers.Serializer[Closing]):
    """The last months, newest first, the one to close next (null: none has an entry) and what was found about it."""

    following = serializers.DateField(allow_null=True)
    is_blocked = serializers.BooleanField()
    found = FoundSerializer(many=True)
    months = MonthLineSerializer(many=True)


class CloseMonthSerializer(serializers.Serializer[Any]):
    """The month to close, as any day of it; `is_seen`: what was found and does not block was looked at."""

    month = serializers.DateField()
    is_seen = serializers.BooleanField(required=False, default=False)


class MonthViewSet(viewsets.ViewSet):
    """Months, what stands against closing the next, and the close itself. There is no way back."""

    permission_classes = (HasRight,)
    right = "billing.view_closedmonth"
    rights = {"create": "billing.close_month"}

    @extend_schema(responses=forced_singular_serializer(ClosingSerializer))  # type: ignore[no-untyped-call]
    def list(self, request: Request) -> Response:
        """Return the months, and what was found about the next."""
        return Response(ClosingSerializer(closing(now=timezone.now())).data)

    @extend_schema(request=CloseMonthSerializer, responses={201: ClosedMonthSerializer})
    def create(self, request: Request) -> Response:
        """Close a month. 409 with what stands against it."""
        asked = CloseMonthSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        closed = close_month(**asked.validated_data, actor=person_of(request), now=timezone.now())
        return Response(ClosedMonthSerializer(closed).data, status=status.HTTP_201_CREATED)
