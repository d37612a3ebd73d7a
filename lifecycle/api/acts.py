"""`/api/v1/handovers/` with what is done in one act: cards shared out over a team by need, and undone (R11, R73)."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api.handovers import HandoverViewSet
from agents.models import Agent, Assignment
from agents.rules.gates import parse_gates
from cardfleet.accounts.access import acting, person_of
from cardfleet.accounts.models import Team
from cardfleet.kernel.api import serializers
from cardfleet.kernel.errors import Refusal
from cards.models import Card
from lifecycle.api.assignments import UndoSerializer
from lifecycle.api.card_forms import ReasonSerializer
from lifecycle.selectors.distribution import Plan, Share, plan_distribution
from lifecycle.services.handout import MOST_CARDS, Row, distribute, undo_act

MOST_CALLS = 100_000


class PlanAskedSerializer(serializers.Serializer[Any]):
    """How many cards are shared out over which team and those below it."""

    team = serializers.InScope(queryset=Team.objects.all())
    count = serializers.IntegerField(min_value=1, max_value=MOST_CARDS, help_text="The most cards to be given.")
    planned = serializers.IntegerField(
        min_value=1,
        max_value=MOST_CALLS,
        required=False,
        default=None,
        help_text="Calls each agent plans a day; without it those without a working card come first.",
    )


class ShareSerializer(serializers.Serializer[Share]):
    """An agent of the plan: working cards held, how many are needed (null: not asked), and the cards to be given.

    Who has no valid training, or is away today, gets none.
    """

    agent = serializers.IntegerField(source="agent.pk")
    working = serializers.IntegerField()
    needed = serializers.IntegerField(allow_null=True)
    is_trained = serializers.BooleanField()
    is_away = serializers.BooleanField()
    cards = serializers.SerializerMethodField()

    def get_cards(self, share: Share) -> list[int]:
        """The ids of the cards."""
        return [card.pk for card in share.cards]


class DistributionPlanSerializer(serializers.Serializer[Plan]):
    """What would be handed out; `cap` is the least daily cap of the cards in stock, null where none is known."""

    in_stock = serializers.IntegerField()
    cap = serializers.IntegerField(allow_null=True)
    shares = ShareSerializer(many=True)


class PairSerializer(serializers.Serializer[Any]):
    """A card and the agent who gets it."""

    card = serializers.KeyField(Card)
    agent = serializers.KeyField(Agent)


class DistributionSerializer(serializers.Serializer[Any]):
    """What is handed out, as the plan showed it, and when it is to come back."""

    pairs = serializers.ListField(child=PairSerializer(), min_length=1, max_length=MOST_CARDS)
    due_back_on = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="Null where the cards may stay."
    )


class RefusalSerializer(serializers.Serializer[Refusal]):
    """Why nothing was done, condition by condition."""

    code = serializers.CharField()
    message = serializers.CharField()
    details = ReasonSerializer(source="reasons", many=True)


class RowSerializer(serializers.Serializer[Row]):
    """A card of an act: refused, or done (`refused` is null), perhaps with warnings of gates that are lowered."""

    card = serializers.IntegerField(source="card_id")
    refused = RefusalSerializer(source="refusal", allow_null=True)
    warnings = ReasonSerializer(many=True)


class GivenSerializer(serializers.Serializer[Any]):
    """What became of an agent's cards; no receipt where each was refused."""

    agent = serializers.IntegerField()
    receipt = serializers.IntegerField(allow_null=True, help_text="`POST /handovers/{id}/undo/` undoes the whole act.")
    rows = RowSerializer(many=True)


class ActViewSet(HandoverViewSet):
    """The receipts of the agents in the person's scope, and the person's own."""

    rights = dict.fromkeys(("distribution", "distribute", "undo"), "agents.issue_card")

    @extend_schema(parameters=[PlanAskedSerializer], responses=DistributionPlanSerializer, filters=False)
    @action(detail=False, filterset_class=None, pagination_class=None)
    def distribution(self, request: Request) -> Response:
        """Plan who of a team would get which cards of the stock; nothing is handed out."""
        asked = PlanAskedSerializer(data=request.query_params, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        plan = plan_distribution(
            **asked.validated_data,
            user=person_of(request),
            now=timezone.now(),
            gates=parse_gates(settings.GATES),
        )
        return Response(DistributionPlanSerializer(plan).data)

    @extend_schema(request=DistributionSerializer, responses=GivenSerializer(many=True), filters=False)
    @distribution.mapping.post
    def distribute(self, request: Request) -> Response:
        """Hand cards to agents as planned, in one act; what a gate refuses by now is told card by card."""
        given, person = self.given(DistributionSerializer), person_of(request)
        done = distribute(
            pairs=[(pair["card"], pair["agent"]) for pair in given["pairs"]],
            due_back_on=given["due_back_on"],
            gates=parse_gates(settings.GATES),
            cards=Card.objects.visible_to(person),
            agents=Agent.objects.visible_to(person),
            **acting(request),
        )
        told = [
            {"agent": agent, "receipt": act.receipt.pk if act.receipt else None, "rows": act.rows}
            for agent, act in done.items()
        ]
        return Response(GivenSerializer(told, many=True).data)

    @extend_schema(request=UndoSerializer, responses=RowSerializer(many=True), filters=False)
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def undo(self, request: Request, pk: str) -> Response:
        """Undo all hand-outs of the receipt's act that still stand, each card for itself. 400 where none does."""
        receipt, given = self.get_object(), self.given(UndoSerializer)
        scope = Assignment.objects.visible_to(person_of(request))
        rows = undo_act(act=receipt.act, assignments=scope, **given, **acting(request))
        return Response(RowSerializer(rows, many=True).data)  # type: ignore[arg-type]
