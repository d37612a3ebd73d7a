"""`/api/v1/budgets/`: set, changed, copied and taken away as on the page, and what a change would cost (R5, R66)."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.models import Agent
from billing.choices import BudgetPeriod
from billing.filters.budgets import BudgetFilter
from billing.models import Budget
from billing.selectors.budgets import WhatIf, changed_month
from billing.services.budgets import Of, copy_budgets, remove_budget, set_budget
from cardfleet.accounts.access import person_of
from cardfleet.accounts.models import Team, User
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day, month_start
from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.kernel.money import ZERO
from cards.models import Card, RatePlan

CHANGE = "billing.change_budget"
OF = ("team", "agent", "card")
PERCENT: dict[str, Any] = {"max_digits": 5, "decimal_places": 1, "required": False}
Named = TypeVar("Named", bound=Model)


class BudgetSerializer(serializers.ModelSerializer[Budget]):
    """A budget, CNY, with what the cost report said at `reckoned_at`."""

    class Meta:
        model = Budget
        fields = (
            "id", "scope", "team", "agent", "card", "period", "starts_on", "amount", "used", "forecast", "reckoned_at",
        )  # fmt: skip
        read_only_fields = fields


class BudgetAmountSerializer(serializers.Serializer[Any]):
    """What may be spent, CNY."""

    amount = serializers.DecimalField(max_digits=10, decimal_places=2)


class NewBudgetSerializer(BudgetAmountSerializer):
    """Whose budget, by id: at most one of team, agent and card, the company's without; `starts_on` any day of it."""

    team = serializers.IntegerField(required=False, allow_null=True, default=None)
    agent = serializers.IntegerField(required=False, allow_null=True, default=None)
    card = serializers.IntegerField(required=False, allow_null=True, default=None)
    period = serializers.ChoiceField(choices=BudgetPeriod.choices)
    starts_on = serializers.DateField()


class BudgetMonthSerializer(serializers.Serializer[Any]):
    """The month, by any day of it, that gets the budgets of the month before."""

    month = serializers.DateField()


class BudgetsCopiedSerializer(serializers.Serializer[Any]):
    """How many budgets were copied."""

    copied = serializers.IntegerField()


class WhatMightChangeSerializer(serializers.Serializer[Any]):
    """Cards more or fewer on a plan, prices and calls in percent; of a team, or of all that the person sees."""

    team = serializers.IntegerField(required=False, allow_null=True, default=None)
    cards = serializers.IntegerField(required=False, default=0, min_value=-100_000, max_value=100_000)
    plan = serializers.IntegerField(required=False, allow_null=True, default=None)
    price = serializers.DecimalField(
        max_digits=5, decimal_places=1, required=False, default=ZERO, min_value=-100, max_value=1000
    )
    calls = serializers.DecimalField(
        max_digits=5, decimal_places=1, required=False, default=ZERO, min_value=-100, max_value=1000
    )


class MonthBaseSerializer(serializers.Serializer[Any]):
    """A month as it will end, CNY."""

    cards = serializers.IntegerField()
    fees = serializers.DecimalField(max_digits=13, decimal_places=2)
    calls = serializers.DecimalField(max_digits=13, decimal_places=2)
    other = serializers.DecimalField(max_digits=13, decimal_places=2)
    total = serializers.DecimalField(max_digits=13, decimal_places=2)


class WhatIfSerializer(serializers.Serializer[WhatIf]):
    """The month without the change, with it, and what it costs more (below zero: less)."""

    base = MonthBaseSerializer()
    then = MonthBaseSerializer()
    more = serializers.DecimalField(max_digits=13, decimal_places=2)


class BudgetViewSet(viewsets.ReadOnlyModelViewSet[Budget]):
    """Budgets in scope."""

    queryset = Budget.objects.all()
    serializer_class = BudgetSerializer
    filterset_class = BudgetFilter
    permission_classes = (HasRight,)
    right = "billing.view_budget"
    rights = dict.fromkeys(("create", "partial_update", "remove", "copy"), CHANGE)

    def get_queryset(self) -> QuerySet[Budget]:
        """Return those in scope."""
        return Budget.objects.visible_to(person_of(self.request)).select_related("team", "agent", "card")

    @extend_schema(request=NewBudgetSerializer, responses={201: BudgetSerializer})
    def create(self, request: Request) -> Response:
        """Set a budget; one that is there already is changed."""
        given = _read(NewBudgetSerializer, request)
        of = _of({name: given.pop(name) for name in OF}, person_of(request))
        budget = set_budget(of=of, period=BudgetPeriod(given.pop("period")), **given, **self.about())
        return Response(self.get_serializer(budget).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=BudgetAmountSerializer, responses=BudgetSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what may be spent."""
        budget, given = self.get_object(), _read(BudgetAmountSerializer, request)
        of, period = budget.team or budget.agent or budget.card, BudgetPeriod(budget.period)
        budget = set_budget(of=of, period=period, starts_on=budget.starts_on, **given, **self.about())
        return Response(self.get_serializer(budget).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        """Take a budget away."""
        remove_budget(budget_id=self.get_object().pk, **self.about())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=BudgetMonthSerializer, responses=BudgetsCopiedSerializer)
    @action(detail=False, methods=["post"])
    def copy(self, request: Request) -> Response:
        """Copy the budgets of the month before into a month, where it has none of them."""
        month = month_start(_read(BudgetMonthSerializer, request)["month"])
        return Response({"copied": copy_budgets(month=month, **self.about())})

    @extend_schema(request=WhatMightChangeSerializer, responses=WhatIfSerializer)
    @action(detail=False, methods=["post"], url_path="what-if")
    def what_if(self, request: Request) -> Response:
        """Say what this month would cost after a change; nothing is stored."""
        given, person = _read(WhatMightChangeSerializer, request), person_of(request)
        if given["cards"] and given["plan"] is None:
            message = _("Say which plan the cards have.")
            raise BadInput(reasons=[Reason(code="required", message=message, field="plan")])
        team = _named(Team.objects.visible_to(person), given.pop("team"), "team")
        plan = _named(RatePlan.objects.all(), given.pop("plan"), "plan")
        found = changed_month(person, today=business_day(timezone.now()), team=team, plan=plan, **given)
        return Response(WhatIfSerializer(found).data)

    def about(self) -> dict[str, Any]:
        """Return who does it, and when."""
        return {"actor": person_of(self.request), "now": timezone.now()}


def _of(given: dict[str, int | None], person: User) -> Of:
    """Return the one thing in scope that is named, None for the company."""
    named = [name for name in OF if given[name] is not None]
    if len(named) > 1:
        message = _("Name one of team, agent and card, or none for the company.")
        raise BadInput(reasons=[Reason(code="several", message=message, field=name) for name in named])
    team = _named(Team.objects.visible_to(person), given["team"], "team")
    agent = _named(Agent.objects.visible_to(person), given["agent"], "agent")
    return team or agent or _named(Card.objects.visible_to(person), given["card"], "card")


def _named(known: QuerySet[Named], pk: int | None, field: str) -> Named | None:
    if pk is None:
        return None
    found = known.filter(pk=pk).first()
    if found is None:
        message = _("Nothing in your scope has this id.")
        raise BadInput(reasons=[Reason(code="unknown", message=message, field=field, value=str(pk))])
    return found


def _read(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    asked = serializer(data=request.data)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)
