"""`/api/v1/reports/voucher/`: a month as lines of the company's books (R13)."""

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.choices import EntryKind
from billing.rules.vouchers import Line
from billing.selectors.vouchers import Voucher, voucher_of
from billing.services.vouchers import take_out_voucher
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import MONTH, business_day
from cardfleet.kernel.downloads import CSV, streamed
from cardfleet.kernel.months import MonthQuery
from cardfleet.lists.api.forms import InForms


class VoucherLineSerializer(serializers.Serializer[Line]):
    """A line, CNY: one of `debit` and `credit` is zero; an amount taken back stands below zero."""

    kind = serializers.ChoiceField(choices=EntryKind.choices)
    text = serializers.CharField()
    account = serializers.CharField()
    team = serializers.CharField()
    centre = serializers.CharField()
    debit = serializers.DecimalField(max_digits=15, decimal_places=2)
    credit = serializers.DecimalField(max_digits=15, decimal_places=2)


class VoucherSerializer(serializers.Serializer[Voucher]):
    """The lines of a month, balanced; `provisional` while the month is open."""

    month = serializers.DateField(format="%Y-%m")
    lines = VoucherLineSerializer(many=True)
    debit = serializers.DecimalField(max_digits=15, decimal_places=2)
    credit = serializers.DecimalField(max_digits=15, decimal_places=2)
    provisional = serializers.BooleanField()


class VoucherView(InForms, APIView):
    """What the books take in of a month; as CSV, in finance's own columns, it is journalled with its hash."""

    permission_classes = (HasRight,)
    right = "billing.change_vouchermapping"
    files = (CSV,)

    @extend_schema(
        parameters=[OpenApiParameter("month", str, description="YYYY-MM; this month when left out", pattern=MONTH)],
        responses=VoucherSerializer,
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Give a month as lines of the books."""
        now = timezone.now()
        month = MonthQuery.read(request.query_params, today=business_day(now))["month"]
        if not self.file_form:
            return Response(VoucherSerializer(voucher_of(month)).data)
        file = take_out_voucher(month=month, actor=person_of(request), now=now)
        return streamed(file.name, [file.content])
