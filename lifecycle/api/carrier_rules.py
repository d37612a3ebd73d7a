"""`/api/v1/carrier-rules/`: versions of rules. A version in force is never changed: POST writes the next one."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import Ids, ListFilterSet
from cards.choices import Confidence, RuleAction, Severity
from cards.models import CarrierRule
from cards.services.rules import confirm_rule, end_rule
from lifecycle.services.rules import write_version

VALUES = ("warn", "limit", "unit", "window", "params", "severity", "action", "consequence", "source", "confidence")


class RuleSerializer(serializers.ModelSerializer[CarrierRule]):
    """One version of a rule; `is_illustrative` says that its values are not established."""

    class Meta:
        model = CarrierRule
        fields = (
            "id",
            "lineage",
            "version",
            "kind",
            "carrier",
            "plan",
            "region",
            "industry",
            "card",
            *VALUES,
            "is_illustrative",
            "effective_from",
            "effective_to",
            "reason",
        )


class NextVersion(serializers.Serializer[Any]):
    """What the next version changes, from which day (Shanghai) on, and why."""

    effective_from = serializers.DateField()
    reason = serializers.CharField(max_length=1000)
    warn = serializers.DecimalField(max_digits=12, decimal_places=3, required=False, allow_null=True)
    limit = serializers.DecimalField(max_digits=12, decimal_places=3, required=False, allow_null=True)
    params = serializers.JSONField(required=False)
    severity = serializers.ChoiceField(choices=Severity.choices, required=False)
    action = serializers.ChoiceField(choices=RuleAction.choices, required=False)
    consequence = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    source = serializers.CharField(required=False, max_length=200)  # type: ignore[assignment]
    confidence = serializers.ChoiceField(choices=Confidence.choices, required=False)


class RuleEnd(serializers.Serializer[Any]):
    """From which day (Shanghai) on the rule is not in force any more, and why."""

    effective_to = serializers.DateField()
    reason = serializers.CharField(max_length=1000)


class Confirmation(serializers.Serializer[Any]):
    """Where a version's values are established."""

    source = serializers.CharField(max_length=200)  # type: ignore[assignment]
    confidence = serializers.ChoiceField(choices=Confidence.choices)


class RuleFilter(ListFilterSet):
    """Filters over versions of rules."""

    kind = django_filters.CharFilter()
    carrier = Ids("carrier_id")
    plan = Ids("plan_id")
    severity = django_filters.ChoiceFilter(choices=Severity)
    is_illustrative = django_filters.BooleanFilter()
    in_force_on = django_filters.DateFilter(method="filter_in_force")

    class Meta:
        model = CarrierRule
        fields: tuple[str, ...] = ()

    def filter_in_force(self, queryset: QuerySet[CarrierRule], _name: str, day: Any) -> QuerySet[CarrierRule]:
        """Return the versions in force on a day."""
        return queryset & CarrierRule.objects.in_force(day)


class RuleViewSet(viewsets.ReadOnlyModelViewSet[CarrierRule]):
    """Carrier rules, every version of them."""

    queryset = CarrierRule.objects.all()
    serializer_class = RuleSerializer
    filterset_class = RuleFilter
    permission_classes = (HasRight,)
    right = "cards.view_carrierrule"
    rights = {
        "versions": "cards.change_carrierrule",
        "end": "cards.change_carrierrule",
        "confirm": "cards.change_carrierrule",
    }
    counted = True

    @extend_schema(request=NextVersion, responses={201: RuleSerializer})
    @action(detail=True, methods=["post"])
    def versions(self, request: Request, pk: str) -> Response:
        """Write the next version of a rule; the latest ends where it begins. 400 for values that cannot be applied."""
        given = self._given(NextVersion, request)
        rule = write_version(
            rule_id=self.get_object().pk,
            effective_from=given.pop("effective_from"),
            reason=given.pop("reason"),
            changes=given,
            actor=person_of(request),
            now=timezone.now(),
        )
        return Response(RuleSerializer(rule).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=RuleEnd, responses=RuleSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End a rule."""
        given = self._given(RuleEnd, request)
        rule = end_rule(rule_id=self.get_object().pk, **given, actor=person_of(request), now=timezone.now())
        return Response(RuleSerializer(rule).data)

    @extend_schema(request=Confirmation, responses=RuleSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Take the badge "illustrative" off a version by naming where its values are established."""
        given = self._given(Confirmation, request)
        rule = confirm_rule(rule_id=self.get_object().pk, **given, actor=person_of(request), now=timezone.now())
        return Response(RuleSerializer(rule).data)

    def _given(self, form: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
        read = form(data=request.data)
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)
