"""`/api/v1/compliance/retention/`: what is kept how long, and a run's question answered (PIPL art. 19, 47)."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing.models import RetentionRule
from billing.services.retention import RIGHT, confirm_retention
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.filters import read_filters
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.retention import Effect
from lifecycle.selectors.retention import RetentionRow, retention_page


class HeldSerializer(serializers.TupleSerializer):
    """What stays beyond its time under a hold."""

    hold = serializers.CharField()
    count = serializers.IntegerField()


class RetentionRowSerializer(serializers.Serializer[RetentionRow]):
    """A kind of data: the months it is kept and at least kept, what the next run would take, what the last one took.

    `id` is the rule's. `waiting` is how much a run asked to take, null where none asks.
    """

    id = serializers.IntegerField(source="rule.pk")
    category = serializers.CharField(source="category.code")
    label: Any = serializers.CharField(source="category.label")
    effect = serializers.ChoiceField(source="category.effect", choices=Effect.choices)
    since = serializers.CharField(source="category.since", help_text="From when the months count.")
    months = serializers.IntegerField(source="rule.months")
    floor = serializers.IntegerField(source="category.floor.months", help_text="Months the law asks for at least.")
    basis = serializers.CharField(source="category.floor.basis")
    is_sure = serializers.BooleanField(source="category.floor.is_sure", help_text="Whether a text in force was read.")
    before = serializers.DateField(help_text="What is older than this day goes next.")
    count = serializers.IntegerField(source="due.count")
    oldest = serializers.DateTimeField(source="due.oldest", allow_null=True)
    newest = serializers.DateTimeField(source="due.newest", allow_null=True)
    held = HeldSerializer(many=True)
    went = serializers.IntegerField()
    dropped_before = serializers.DateField(source="rule.dropped_before", allow_null=True)
    waiting = serializers.IntegerField(source="rule.waiting", allow_null=True)
    would_wait = serializers.BooleanField(help_text="Whether the next run would ask first.")


class OwnDateSerializer(serializers.Serializer[Any]):
    """What goes by a date of its own."""

    code = serializers.CharField()
    label: Any = serializers.CharField()
    goes = serializers.CharField()


class RetentionSerializer(serializers.Serializer[Any]):
    """The one list of what is kept how long."""

    rows = RetentionRowSerializer(many=True)
    own_dates = OwnDateSerializer(many=True)
    last_run_at = serializers.DateTimeField(source="last.started_at", allow_null=True, default=None)


class ConfirmedSerializer(serializers.Serializer[Any]):
    """Why it is right that so much goes."""

    reason = serializers.CharField(max_length=200)


class RetentionRuleSerializer(serializers.ModelSerializer[RetentionRule]):
    """How long a kind of data is kept, and up to which day a run may take what is more than usual."""

    class Meta:
        model = RetentionRule
        fields = ("id", "category", "months", "waiting", "confirmed_before")
        read_only_fields = fields


class RetentionViewSet(viewsets.GenericViewSet[RetentionRule]):
    """How long each kind of data is kept; the months are set in administration."""

    queryset = RetentionRule.objects.all()
    serializer_class = RetentionRuleSerializer
    permission_classes = (HasRight,)
    right = "lifecycle.view_desk"
    rights = {"confirm": RIGHT}
    pagination_class = None

    def get_queryset(self) -> QuerySet[RetentionRule]:
        """Return the rules."""
        return RetentionRule.objects.order_by("pk")

    @extend_schema(responses=forced_singular_serializer(RetentionSerializer))  # type: ignore[no-untyped-call]
    def list(self, request: Request) -> Response:
        """Say what is kept how long, and what would go."""
        read_filters(request, None, set())
        return Response(RetentionSerializer(retention_page(now=timezone.now())).data)

    @extend_schema(request=ConfirmedSerializer, responses=RetentionRuleSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Let the next run take what it asked for. 409 where it asks for nothing."""
        rule, given, now = self.get_object(), self.given(ConfirmedSerializer), timezone.now()
        done = confirm_retention(
            rule_id=rule.pk, on=business_day(now), reason=given["reason"], actor=person_of(request), now=now
        )
        return Response(self.get_serializer(done).data)
