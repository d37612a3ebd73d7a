"""`/api/v1/usage/charges/`: what one's own cards cost, charge by charge, and by what tariff (R68, R81)."""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.choices import EntryKind
from billing.models import LedgerEntry, UsageCharge
from billing.selectors.own_charges import CardCharges, own_charges
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import MONTH, business_day
from cardfleet.kernel.money import ZERO
from cardfleet.kernel.months import MonthQuery
from cards.models import PlanPrice


class CallsOfDaySerializer(serializers.ModelSerializer[UsageCharge]):
    """One's own calls of a day, CNY."""

    class Meta:
        model = UsageCharge
        fields = ("day", "calls", "amount")
        read_only_fields = fields


class ChargeSerializer(serializers.Serializer[Any]):
    """What was charged beside calls, CNY and positive; below zero what was paid back."""

    entry = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=EntryKind.choices)
    at = serializers.DateTimeField()
    note = serializers.CharField()
    amount = serializers.DecimalField(max_digits=13, decimal_places=2)


class TariffSerializer(serializers.ModelSerializer[PlanPrice]):
    """The price of a plan, CNY; calls are charged in steps of `rounding_s` seconds."""

    class Meta:
        model = PlanPrice
        fields = ("plan", "monthly_fee", "included_minutes", "minute_price", "rounding_s", "sms_price")
        read_only_fields = fields


class CardChargesSerializer(serializers.Serializer[CardCharges]):
    """A card that the person held for some days of the month; entries are whole, calls are the person's own.

    `tariff` is that of the plan at the end of the month, null where none is recorded.
    """

    card = serializers.IntegerField(source="card.pk")
    days = serializers.IntegerField()
    calls = CallsOfDaySerializer(many=True)
    entries = serializers.SerializerMethodField()
    call_cost = serializers.DecimalField(max_digits=13, decimal_places=2)
    entry_cost = serializers.DecimalField(max_digits=13, decimal_places=2)
    total = serializers.DecimalField(max_digits=13, decimal_places=2)
    tariff = TariffSerializer(allow_null=True)

    @extend_schema_field(ChargeSerializer(many=True))
    def get_entries(self, charges: CardCharges) -> Any:
        """Each entry with what it cost."""
        return ChargeSerializer([_charge(entry, cost) for entry, cost in charges.lines], many=True).data


class MyChargesSerializer(serializers.Serializer[Any]):
    """A month's charges on the cards a person held in it, and their sum, CNY."""

    month = serializers.DateField(format="%Y-%m")
    total = serializers.DecimalField(max_digits=13, decimal_places=2)
    cards = CardChargesSerializer(many=True)


class MyChargesView(APIView):
    """What the person's own cards cost in a month; everybody is told of their own only."""

    permission_classes = (HasRight,)

    @extend_schema(
        parameters=[OpenApiParameter("month", str, description="YYYY-MM; this month when left out", pattern=MONTH)],
        responses=MyChargesSerializer,
    )
    def get(self, request: Request) -> Response:
        """Say what one's own cards cost in a month, charge by charge."""
        now = timezone.now()
        month = MonthQuery.read(request.query_params, today=business_day(now))["month"]
        cards = own_charges(person_of(request), month, now=now)
        total = sum((card.total for card in cards), ZERO)
        return Response(MyChargesSerializer({"month": month, "total": total, "cards": cards}).data)


def _charge(entry: LedgerEntry, cost: Decimal) -> dict[str, Any]:
    return {"entry": entry.pk, "kind": entry.kind, "at": entry.at, "note": entry.note, "amount": cost}
