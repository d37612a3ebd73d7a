"""`/api/v1/rewards/` and `/api/v1/appraisals/`: what is said of an agent's month (R68, R69, R71)."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.choices import RewardBasis, RewardKind
from agents.models import Agent, Appraisal, Reward
from agents.services.appraisals import withdraw_reward
from cardfleet.accounts.access import person_of
from cardfleet.accounts.models import User
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import month_start
from cardfleet.kernel.filtersets import Ids, ListFilterSet
from lifecycle.services.performance import appraise, reward_agent


class MonthField(serializers.DateField):
    """A month: any day of it is taken, its first is answered."""

    def to_internal_value(self, value: Any) -> Any:
        """Return the first day of the month; ValidationError."""
        return month_start(super().to_internal_value(value))


class RewardSerializer(serializers.ModelSerializer[Reward]):
    """A reward or a penalty of a month; `amount` in CNY, null where it is none of money."""

    class Meta:
        model = Reward
        fields = (
            "id", "agent", "month", "kind", "basis", "amount", "reason", "recorded_at", "recorded_by", "withdrawn_at",
        )  # fmt: skip
        read_only_fields = fields


def of_months(seen: QuerySet[Any], person: User) -> QuerySet[Any]:
    """Return of what is said of agents' months all in sight for whoever leads agents; for others what is their own."""
    return seen if person.has_perm("lifecycle.view_performance") else seen.filter(agent__user=person)


class NewRewardSerializer(serializers.Serializer[Any]):
    """A reward or a penalty to be recorded; `month` may be any day of it."""

    agent = serializers.InScope(queryset=Agent.objects.all())
    month = MonthField()
    kind = serializers.ChoiceField(choices=RewardKind.choices)
    basis = serializers.ChoiceField(choices=RewardBasis.choices)
    amount = serializers.DecimalField(
        max_digits=10, decimal_places=2, min_value=0, required=False, allow_null=True, default=None
    )
    reason = serializers.CharField(max_length=300)


class RewardFilter(ListFilterSet):
    """Filters over rewards."""

    agent = Ids("agent_id")
    kind = django_filters.MultipleChoiceFilter(choices=RewardKind)
    month = django_filters.DateFilter(label="its first day")

    class Meta:
        model = Reward
        fields: tuple[str, ...] = ()


class RewardViewSet(viewsets.ReadOnlyModelViewSet[Reward]):
    """Rewards and penalties of the agents in scope, and the person's own."""

    queryset = Reward.objects.all()
    serializer_class = RewardSerializer
    filterset_class = RewardFilter
    permission_classes = (HasRight,)
    rights = dict.fromkeys(("create", "withdraw"), "agents.add_reward")

    def get_queryset(self) -> QuerySet[Reward]:
        """Return those in scope."""
        return of_months(Reward.objects.visible_to(person_of(self.request)), person_of(self.request))

    @extend_schema(request=NewRewardSerializer, responses={201: RewardSerializer})
    def create(self, request: Request) -> Response:
        """Record one. 409 for results of a month in which the agent broke a limit."""
        reward = reward_agent(**self.given(NewRewardSerializer), actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(reward).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=RewardSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a record back; it stays visible."""
        reward = withdraw_reward(reward_id=self.get_object().pk, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(reward).data)


class AppraisalSerializer(serializers.ModelSerializer[Appraisal]):
    """What a supervisor says of an agent's month, with its figures as they stood, and both signatures."""

    figures = serializers.DictField(read_only=True)

    class Meta:
        model = Appraisal
        fields = (
            "id", "agent", "month", "figures", "attitude", "summary", "signed_at", "signed_by", "comment",
            "agent_signed_at", "agent_signed_name",
        )  # fmt: skip
        read_only_fields = fields


class NewAppraisalSerializer(serializers.Serializer[Any]):
    """An appraisal to be signed; `month` may be any day of it, `attitude` is 1 to 5."""

    agent = serializers.InScope(queryset=Agent.objects.all())
    month = MonthField()
    attitude = serializers.IntegerField(min_value=1, max_value=5)
    summary = serializers.CharField(max_length=4000)


class AppraisalFilter(ListFilterSet):
    """Filters over appraisals; `signed`: by the agent too."""

    agent = Ids("agent_id")
    month = django_filters.DateFilter(label="its first day")
    signed = django_filters.BooleanFilter(field_name="agent_signed_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Appraisal
        fields: tuple[str, ...] = ()


class AppraisalViewSet(viewsets.ReadOnlyModelViewSet[Appraisal]):
    """Appraisals of the agents in scope, and the person's own; an agent signs on the page, with the text in sight."""

    queryset = Appraisal.objects.all()
    serializer_class = AppraisalSerializer
    filterset_class = AppraisalFilter
    permission_classes = (HasRight,)
    rights = {"create": "agents.add_appraisal"}

    def get_queryset(self) -> QuerySet[Appraisal]:
        """Return those in scope."""
        return of_months(Appraisal.objects.visible_to(person_of(self.request)), person_of(self.request))

    @extend_schema(request=NewAppraisalSerializer, responses={201: AppraisalSerializer})
    def create(self, request: Request) -> Response:
        """Write and sign an appraisal; the agent is asked to sign it too. 409 for a month that has one."""
        signed = appraise(**self.given(NewAppraisalSerializer), actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(signed).data, status=status.HTTP_201_CREATED)
