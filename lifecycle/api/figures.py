"""`/api/v1/reports/`: risk by group, ended cases, the pool of spares, the quality of data (R14, R42, R43, R52, R55)."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.api.reports import Report
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.downloads import CSV, streamed
from cardfleet.lists.api.forms import InForms
from cards.models import Card
from lifecycle.api.card_swaps import CardSwitchSerializer
from lifecycle.choices import CaseKind
from lifecycle.exporters.case_figures import as_csv, file_name
from lifecycle.forms.figures import CaseFiguresQuery, RiskQuery
from lifecycle.models import CardSwitch
from lifecycle.selectors.cases.figures import SPANS, Ended, Reports, ended_cases, loss_reports, since
from lifecycle.selectors.data_quality import DataQuality, Gap, TeamConfirmed, data_quality
from lifecycle.selectors.risk_groups import GROUPS, RiskGroup, risk_groups
from lifecycle.selectors.standby import PoolLine, pool


class RiskGroupSerializer(serializers.Serializer[RiskGroup]):
    """The assessed cards of a group, `key` its id; `mean` of scores 0 to 100, `before` the same a week ago."""

    key = serializers.IntegerField(allow_null=True, help_text="Null for cards of no team.")
    name = serializers.CharField()
    cards = serializers.IntegerField()
    high = serializers.IntegerField(help_text="Cards at high risk of a stop.")
    medium = serializers.IntegerField(help_text="Cards at medium risk.")
    mean = serializers.DecimalField(max_digits=4, decimal_places=1)
    before = serializers.DecimalField(max_digits=4, decimal_places=1, allow_null=True)
    change = serializers.DecimalField(max_digits=4, decimal_places=1, allow_null=True)


class RiskReportSerializer(serializers.Serializer[Any]):
    """The groups, most cards at high risk first."""

    by = serializers.ChoiceField(choices=[(name, name) for name in GROUPS])
    rows = RiskGroupSerializer(many=True)


class RiskView(Report):
    """The risk of the cards in the person's scope."""

    right = "lifecycle.view_fleet"
    asks = RiskQuery

    @extend_schema(
        parameters=[OpenApiParameter("by", str, enum=GROUPS, description="team when left out")],
        responses=RiskReportSerializer,
    )
    def get(self, request: Request) -> Response:
        """Say how near the cards of each team or carrier are to a stop."""
        by = self.asked(request)["by"]
        rows = risk_groups(Card.objects.visible_to(person_of(request)), by=by, today=business_day(timezone.now()))
        return Response(RiskReportSerializer({"by": by, "rows": rows}).data)


class EndedSerializer(serializers.Serializer[Ended]):
    """Ended cases of a carrier, kind and reason; `median` and `slowest` are hours until cards were back."""

    carrier = serializers.CharField(help_text="Its name.")
    kind = serializers.ChoiceField(choices=CaseKind.choices)
    reason = serializers.CharField()
    cases = serializers.IntegerField()
    back = serializers.IntegerField(help_text="Cards that came back.")
    share = serializers.DecimalField(max_digits=4, decimal_places=1, help_text="Of 100 cards so many came back.")
    median = serializers.DecimalField(max_digits=9, decimal_places=1, allow_null=True)
    slowest = serializers.DecimalField(
        max_digits=9, decimal_places=1, allow_null=True, help_text="90 of 100 were back within these hours."
    )
    cost = serializers.DecimalField(max_digits=15, decimal_places=2, help_text="Fees, CNY.")


class LossReportsSerializer(serializers.Serializer[Reports]):
    """How fast losses were told of: median minutes from noticing to the report, and from there to the stop."""

    losses = serializers.IntegerField()
    to_report = serializers.IntegerField(allow_null=True)
    to_stop = serializers.IntegerField(allow_null=True)


class CaseFiguresSerializer(serializers.Serializer[Any]):
    """The cases that ended since a moment, and the losses reported since."""

    since = serializers.DateTimeField()
    rows = EndedSerializer(many=True)
    reports = LossReportsSerializer()


class CaseFiguresView(InForms, Report):
    """The ended cases in the person's scope."""

    right = "lifecycle.view_case"
    asks = CaseFiguresQuery
    files = (CSV,)

    @extend_schema(
        parameters=[OpenApiParameter("days", int, enum=SPANS, description="90 when left out")],
        responses=CaseFiguresSerializer,
    )
    def get(self, request: Request) -> Any:
        """Say how long cards stood still and what became of them, by carrier and reason."""
        days, now, person = self.asked(request)["days"], timezone.now(), person_of(request)
        start = since(days, now=now)
        rows = ended_cases(person, start, now)
        if self.file_form:
            return streamed(file_name(business_day(now), days), as_csv(rows))
        told = {"since": start, "rows": rows, "reports": loss_reports(person, start, now)}
        return Response(CaseFiguresSerializer(told).data)


class PoolLineSerializer(serializers.Serializer[PoolLine]):
    """The spares of a carrier in a team; `is_set`: the target is a share somebody set, else it follows the stops."""

    carrier = serializers.IntegerField(source="carrier.pk")
    team = serializers.IntegerField(source="team.pk", allow_null=True, default=None)
    in_service = serializers.IntegerField()
    held = serializers.IntegerField()
    ready = serializers.IntegerField(help_text="In service and real-name in order.")
    target = serializers.IntegerField()
    is_set = serializers.BooleanField()
    lacking = serializers.IntegerField()
    beyond = serializers.IntegerField(help_text="More than a share allows that somebody set.")
    hoard = serializers.CharField(help_text="That so much idles that it looks like hoarding; else empty.")


class StandbySerializer(serializers.Serializer[Any]):
    """The pool, the greatest lack first."""

    rows = PoolLineSerializer(many=True)


class StandbyReport(Report):
    """The spares in the person's scope."""

    right = "lifecycle.view_cardswitch"

    @extend_schema(responses=StandbySerializer)
    def get(self, request: Request) -> Response:
        """Say how many spares are ready and wanted, by carrier and team."""
        self.asked(request)
        rows = pool(Card.objects.visible_to(person_of(request)), now=timezone.now())
        return Response(StandbySerializer({"rows": rows}).data)


class CardSwitchViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[CardSwitch]):
    """The switches to spares in the person's scope, the latest first."""

    queryset = CardSwitch.objects.all()
    serializer_class = CardSwitchSerializer
    permission_classes = (HasRight,)
    right = "lifecycle.view_cardswitch"

    def get_queryset(self) -> QuerySet[CardSwitch]:
        """Return those in scope."""
        return CardSwitch.objects.visible_to(person_of(self.request)).select_related("notice")


class LackSerializer(serializers.Serializer[Gap]):
    """A fact that cards lack; `code` filters the list of cards (`lacks`), `share` is per cent."""

    code = serializers.CharField()
    label: Any = serializers.CharField()
    count = serializers.IntegerField()
    share = serializers.IntegerField()


class TeamConfirmedSerializer(serializers.Serializer[TeamConfirmed]):
    """The cards a team's agents hold, and of these those their holders confirmed in the quarter."""

    team = serializers.IntegerField(source="team_id", allow_null=True)
    name = serializers.CharField(source="team")
    held = serializers.IntegerField()
    confirmed = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Still to be confirmed.")


class DataQualitySerializer(serializers.Serializer[DataQuality]):
    """What live cards lack, and whose confirmation is missing; what holders found wrong: `/confirmations/`."""

    cards = serializers.IntegerField()
    period = serializers.DateField(help_text="The first day of the quarter.")
    gaps = LackSerializer(many=True)
    teams = TeamConfirmedSerializer(many=True)


class DataQualityReport(Report):
    """The data of the live cards in the person's scope."""

    right = "lifecycle.view_fleet"

    @extend_schema(responses=DataQualitySerializer)
    def get(self, request: Request) -> Response:
        """Say how good the data of the register is."""
        self.asked(request)
        report = data_quality(person_of(request), today=business_day(timezone.now()))
        return Response(DataQualitySerializer(report).data)
