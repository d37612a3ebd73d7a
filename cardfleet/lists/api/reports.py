"""`/api/v1/scheduled-reports/`: views that are sent as files."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import acting, person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.lists.forms import ReportForm, ReportTermsForm
from cardfleet.lists.models import ReportRun, ScheduledReport
from cardfleet.lists.selectors.reports import RUNS
from cardfleet.lists.services.reports import change_report, resume_report, schedule_report, stop_report


class ReportSerializer(serializers.ModelSerializer[ScheduledReport]):
    """A view as a file, sent to `recipients` as its owner may see it; a stopped one says why.

    `weekday` (1 is Monday) is of a weekly report, `day` of a monthly one; `at` is Shanghai's time.
    """

    class Meta:
        model = ScheduledReport
        fields: tuple[str, ...] = (
            "id", "view", "view_name", "listing", "owner", "form", "every", "weekday", "day", "at", "recipients",
            "next_at", "stopped_at", "stopped_why", "created_at",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields


class RunSerializer(serializers.ModelSerializer[ReportRun]):
    """A sending: for when, of how many rows, to how many people; `left_out` could not be told. `file` while kept."""

    class Meta:
        model = ReportRun
        fields = ("due_at", "sent_at", "rows", "sent_to", "left_out", "file")
        read_only_fields = fields


class ReportWithRunsSerializer(ReportSerializer):
    """A report and its last 20 sendings, the latest first."""

    runs = serializers.SerializerMethodField()

    class Meta(ReportSerializer.Meta):
        fields = (*ReportSerializer.Meta.fields, "runs")
        read_only_fields = fields

    @extend_schema_field(RunSerializer(many=True))
    def get_runs(self, report: ScheduledReport) -> Any:
        """When it was sent."""
        return RunSerializer(report.runs.all()[:RUNS], many=True).data


class SwitchedSerializer(serializers.Serializer[Any]):
    """Whether the report is to be sent."""

    is_active = serializers.BooleanField()


class ReportViewSet(viewsets.ReadOnlyModelViewSet[ScheduledReport]):
    """The person's own reports; for who may end them, those of others as well."""

    queryset = ScheduledReport.objects.all()
    serializer_class: Any = ReportSerializer
    permission_classes = (HasRight,)
    right = "lists.add_scheduledreport"

    def get_queryset(self) -> QuerySet[ScheduledReport]:
        """Return those the person sees."""
        return ScheduledReport.objects.visible_to(person_of(self.request)).prefetch_related("recipients")

    def get_serializer_class(self) -> Any:
        """Return the form of a report: one alone tells when it was sent."""
        return ReportWithRunsSerializer if self.action == "retrieve" else ReportSerializer

    @extend_schema(request=asks(ReportForm), responses={201: ReportSerializer})
    def create(self, request: Request) -> Response:
        """Have a view sent regularly."""
        form = filled(request, ReportForm, person=person_of(request))
        report = schedule_report(view_id=form.cleaned_data["view"].pk, wanted=form.wanted, **acting(request))
        return Response(ReportSerializer(report).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=asks(ReportTermsForm, partly=True), responses=ReportSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        """Change one's own report: as what, when and to whom it is sent."""
        report = self.get_object()
        form = filled(request, ReportTermsForm, begins=ReportTermsForm.of(report), person=person_of(request))
        return Response(
            ReportSerializer(change_report(report_id=report.pk, wanted=form.wanted, **acting(request))).data
        )

    @extend_schema(request=SwitchedSerializer, responses=ReportSerializer)
    @action(detail=True, methods=["post"])
    def switch(self, request: Request, pk: str) -> Response:
        """Stop a report, or let it go on."""
        report = self.get_object()
        switched = resume_report if self.given(SwitchedSerializer)["is_active"] else stop_report
        return Response(ReportSerializer(switched(report_id=report.pk, **acting(request))).data)
