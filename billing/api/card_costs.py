"""`/api/v1/card-costs/` and `/api/v1/plan-advice/`: what a card cost in its life, and would on other plans."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing.choices import EntryKind
from billing.lists import BEST_PLANS
from billing.lists.best_plans import advice_for
from billing.models import PlanAdvice
from billing.selectors.best_plan import PlanCost, plan_costs
from billing.selectors.lifetime import Lifetime, lifetime_of
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day
from cardfleet.lists.api.listed import Listed
from cards.models import Card


class ChargedSerializer(serializers.Serializer[Any]):
    """What a card was charged in all for one kind, CNY."""

    kind = serializers.ChoiceField(choices=EntryKind.choices)
    amount = serializers.DecimalField(max_digits=15, decimal_places=2)


class LifetimeSerializer(serializers.Serializer[Lifetime]):
    """What a card has cost, CNY: its price, null where none is recorded, and its charges, the largest first.

    `months` it served since a day, begun ones too; `a_month` is their mean. `stops` by the carrier, SIMs `replaced`.
    """

    price = serializers.DecimalField(max_digits=13, decimal_places=2, allow_null=True)
    charges = serializers.SerializerMethodField()
    total = serializers.DecimalField(max_digits=15, decimal_places=2)
    since = serializers.DateField(allow_null=True)
    months = serializers.IntegerField()
    a_month = serializers.DecimalField(max_digits=15, decimal_places=2, allow_null=True)
    stops = serializers.IntegerField()
    replaced = serializers.IntegerField()

    @extend_schema_field(ChargedSerializer(many=True))
    def get_charges(self, life: Lifetime) -> Any:
        """The kinds with their sums."""
        return ChargedSerializer([{"kind": kind, "amount": amount} for kind, amount in life.charges], many=True).data


class PlanCostSerializer(serializers.Serializer[PlanCost]):
    """A plan of the card's carrier and what a month would have cost on it, CNY; `is_own` is the card's.

    By `months` whole months of calls, of `minutes` in the mean; leaving early is off `saving_year`.
    """

    plan = serializers.IntegerField(source="plan.pk")
    name = serializers.CharField(source="plan.name")
    months = serializers.IntegerField()
    minutes = serializers.IntegerField()
    cost = serializers.DecimalField(max_digits=13, decimal_places=2)
    is_own = serializers.BooleanField()
    saving_year = serializers.DecimalField(max_digits=15, decimal_places=2)


class PlanCostsSerializer(serializers.Serializer[Any]):
    """The plans, the cheapest first; none where no whole month's calls are known."""

    plans = PlanCostSerializer(many=True)


class CardCostViewSet(viewsets.GenericViewSet[Card]):
    """What cards in scope have cost, and would have cost."""

    queryset = Card.objects.all()
    serializer_class: Any = LifetimeSerializer
    permission_classes = (HasRight,)
    right = "billing.view_costs"
    rights = {"plans": "billing.view_planadvice"}

    def get_queryset(self) -> QuerySet[Card]:
        """Return the cards in scope."""
        return Card.objects.visible_to(person_of(self.request))

    @extend_schema(responses=LifetimeSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Say what a card has cost since it was bought."""
        life = lifetime_of(self.get_object(), today=business_day(timezone.now()))
        return Response(LifetimeSerializer(life).data)

    @extend_schema(responses=PlanCostsSerializer)
    @action(detail=True)
    def plans(self, request: Request, pk: str) -> Response:
        """Say what a card's last months would have cost on each plan of its carrier."""
        plans = plan_costs(self.get_object().pk, today=business_day(timezone.now()))
        return Response(PlanCostsSerializer({"plans": plans}).data)


class AdviceSerializer(serializers.ModelSerializer[PlanAdvice]):
    """A card that would have cost less on the plan `best`; `cost` and `best_cost` a month, CNY.

    `month` is the last of `months` looked at; `exit_cost`, of leaving before `bound_until`, is off `saving_year`.
    """

    class Meta:
        model = PlanAdvice
        fields = (
            "card", "plan", "month", "months", "minutes", "cost", "best", "best_cost", "bound_until", "exit_cost",
            "saving_year", "advised_at",
        )  # fmt: skip
        read_only_fields = fields


class AdviceViewSet(Listed, mixins.ListModelMixin, viewsets.GenericViewSet[PlanAdvice]):
    """Cards for which another plan of their carrier would have cost less, the largest saving first."""

    queryset = PlanAdvice.objects.all()
    serializer_class = AdviceSerializer
    listing = BEST_PLANS
    permission_classes = (HasRight,)
    right = "billing.view_planadvice"
    ordering = ("-saving_year", "card_id")

    def get_queryset(self) -> QuerySet[PlanAdvice]:
        """Return those in scope."""
        return advice_for(person_of(self.request))
