"""`/api/v1/reports/downtime/`: what stops cost (R41)."""

from functools import partial
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.reports import Report
from cardfleet.kernel.clock import MONTH
from cardfleet.kernel.downloads import download
from cardfleet.lists.api.forms import InForms
from lifecycle.choices import DowntimeBy
from lifecycle.exporters.downtime import as_csv, as_xlsx, file_name
from lifecycle.forms.downtime import DowntimeQuery
from lifecycle.rules.downtime import DowntimeRow
from lifecycle.selectors.downtime import DowntimeReport, NamedRow, downtime
from lifecycle.services.exports import record_export


class DowntimeSerializer(serializers.Serializer[DowntimeRow]):
    """What stops came to: hours in all and in calling hours, the median of hours `to_restore`, `loss` in CNY."""

    stops = serializers.IntegerField()
    cards = serializers.IntegerField()
    restored = serializers.IntegerField()
    hours = serializers.DecimalField(max_digits=9, decimal_places=1)
    calling_hours = serializers.DecimalField(max_digits=9, decimal_places=1)
    to_restore = serializers.DecimalField(max_digits=9, decimal_places=1, allow_null=True)
    idle_agents = serializers.IntegerField(help_text="Agents who had no other card in service.")
    customers = serializers.IntegerField()
    loss = serializers.DecimalField(max_digits=15, decimal_places=2, allow_null=True)


class DowntimeGroupSerializer(serializers.Serializer[NamedRow]):
    """A group: `key` is a carrier's or team's id, null for no team, or a reason."""

    key = serializers.SerializerMethodField()
    name = serializers.CharField()
    figures = DowntimeSerializer(source="row")

    @extend_schema_field({"type": ["integer", "string", "null"]})
    def get_key(self, named: NamedRow) -> int | str | None:
        """Return what the group is."""
        return named.row.key


class DowntimeReportSerializer(serializers.Serializer[DowntimeReport]):
    """The downtime of a month; `is_illustrative`: lost time is reckoned at amounts that nobody established."""

    month = serializers.DateField(format="%Y-%m")
    by = serializers.ChoiceField(choices=DowntimeBy.choices)
    rows = DowntimeGroupSerializer(many=True)
    total = DowntimeSerializer()
    is_illustrative = serializers.BooleanField()


class DowntimeView(InForms, Report):
    """The downtime of the cards in the person's scope."""

    right = "lifecycle.view_case"
    asks = DowntimeQuery

    @extend_schema(
        parameters=[
            OpenApiParameter("month", str, description="YYYY-MM; this month when left out", pattern=MONTH),
            OpenApiParameter("by", str, enum=DowntimeBy.values, description="carrier when left out"),
        ],
        responses=DowntimeReportSerializer,
    )
    def get(self, request: Request) -> Any:
        """Say what stops cost in a month, by carrier, reason or team."""
        query, now, person = self.asked(request), timezone.now(), person_of(request)
        report = downtime(query["month"], query["by"], user=person, now=now)
        if self.file_form is None:
            return Response(DowntimeReportSerializer(report).data)
        given = [name for name in ("month", "by") if name in request.query_params]
        number = record_export(actor=person, filters=given, now=now, action="lifecycle.downtime_exported")
        name = file_name(report, number, self.file_form)
        return download(name, as_csv=partial(as_csv, report), as_xlsx=partial(as_xlsx, report))
