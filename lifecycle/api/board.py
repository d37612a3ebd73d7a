"""`/api/v1/board/`: what needs action, the numbers of the fleet, and what waits (R31, R55; design section 7)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api.costs import CostRowSerializer
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.reports import Report
from cards.choices import ServiceState
from lifecycle.lists.board import TILES, Figures, board_figures
from lifecycle.rules.pace import Cell
from lifecycle.selectors.board.queue import MOST, Heap, Queue, Task, queue_of
from lifecycle.selectors.board.stock import Standby, Stock
from lifecycle.selectors.board.strip import Strip, TeamHours
from lifecycle.selectors.board.totals import Freshness, MonthCost, freshness
from lifecycle.selectors.board.waiting import Waiting, waiting
from lifecycle.selectors.kept import kept_cost, kept_hours
from lifecycle.selectors.notices import Grouped


@dataclass(frozen=True, kw_only=True)
class Board:
    """The board at a moment."""

    figures: Figures
    queue: Queue
    fresh: Freshness
    counted_at: datetime


class TaskSerializer(serializers.Serializer[Task]):
    """What is to be done today: an alert, or a hand-over to be accepted or ended, and what to do first."""

    kind = serializers.CharField()
    alert = serializers.IntegerField(source="alert.pk", allow_null=True, default=None)
    assignment = serializers.SerializerMethodField()
    card = serializers.IntegerField(source="subject.card_id", allow_null=True)
    agent = serializers.IntegerField(source="subject.agent_id", allow_null=True)
    holder_cannot_call = serializers.BooleanField(help_text="The agent has no other card in service.")
    action = serializers.CharField(source="action.code")
    action_label = serializers.CharField(source="action.label")
    due_at = serializers.DateTimeField(allow_null=True)

    def get_assignment(self, task: Task) -> int | None:
        """The id of the hand-over, null of an alert."""
        return None if task.alert else task.subject.pk


class OfTeamSerializer(serializers.TupleSerializer):
    """How many a team has."""

    name = serializers.CharField()
    count = serializers.IntegerField()


class HeapSerializer(serializers.Serializer[Heap]):
    """Matters of a kind that can wait; `first` of them are due at `due_at`, on the same day."""

    kind = serializers.CharField()
    count = serializers.IntegerField()
    due_at = serializers.DateTimeField(allow_null=True)
    first = serializers.IntegerField()
    teams = OfTeamSerializer(many=True, help_text="The commonest.")


class GroupedSerializer(serializers.Serializer[Grouped]):
    """Open alerts that have one cause."""

    group = serializers.IntegerField(source="group.pk")
    count = serializers.IntegerField()
    unseen = serializers.IntegerField(help_text="Nobody sees to them.")
    due_at = serializers.DateTimeField(allow_null=True)


class QueueSerializer(serializers.Serializer[Queue]):
    """What needs action; `today` are the first 50 of `today_count`, in the order in which to do them."""

    today = TaskSerializer(many=True)
    today_count = serializers.IntegerField()
    later = HeapSerializer(many=True)
    later_count = serializers.IntegerField()
    groups = GroupedSerializer(many=True)
    count = serializers.IntegerField(help_text="All matters; a group is one.")
    cards = serializers.IntegerField()
    standing_still = serializers.IntegerField(help_text="Agents who cannot call.")
    highest_risk = serializers.IntegerField()
    longest_idle = serializers.IntegerField(help_text="Days.")
    late_acceptances = serializers.IntegerField()
    late_returns = serializers.IntegerField()


class TileSerializer(serializers.Serializer[Any]):
    """A number of the board; `query` are the filters of `GET /cards/` that list its cards."""

    code = serializers.CharField()
    count = serializers.IntegerField()
    query = serializers.DictField(child=serializers.CharField())


class OfStateSerializer(serializers.TupleSerializer):
    """How many cards are in a state."""

    state = serializers.ChoiceField(choices=ServiceState.choices)
    count = serializers.IntegerField()


class CarrierStandbySerializer(serializers.Serializer[Standby]):
    """A carrier's cards in stock, those that may be handed out, and how many are enough."""

    carrier = serializers.IntegerField(source="carrier_id")
    held = serializers.IntegerField()
    ready = serializers.IntegerField()
    target = serializers.IntegerField()
    lacking = serializers.IntegerField()


class StockSerializer(serializers.Serializer[Stock]):
    """Live cards by service state, and the spares; `usable` is the share in service, per cent."""

    cards = serializers.IntegerField()
    usable = serializers.DecimalField(max_digits=4, decimal_places=1)
    states = OfStateSerializer(many=True)
    standby = CarrierStandbySerializer(many=True)
    not_in_service = serializers.IntegerField(help_text="Cards in stock that are not in service.")
    not_registered = serializers.IntegerField(help_text="Cards in stock whose real name is not in order.")


class BoardSerializer(serializers.Serializer[Board]):
    """The board, counted at `counted_at` from what was assessed and known of calls until the moments named."""

    counted_at = serializers.DateTimeField()
    assessed_at = serializers.DateTimeField(source="fresh.assessed_at", allow_null=True)
    usage_at = serializers.DateTimeField(source="fresh.usage_at", allow_null=True)
    is_stale = serializers.BooleanField(source="fresh.is_stale", help_text="Nothing new came for three hours.")
    queue = QueueSerializer()
    tiles = serializers.SerializerMethodField()
    stock = StockSerializer(source="figures.stock")

    @extend_schema_field(TileSerializer(many=True))
    def get_tiles(self, board: Board) -> Any:
        """The numbers of the board with the lists behind them."""
        counts = board.figures.counts
        return [{"code": name, "count": counts[name], "query": dict(query)} for name, query in TILES.items()]


class BoardView(Report):
    """The board of the person's scope."""

    right = "lifecycle.view_fleet"

    @extend_schema(responses=BoardSerializer)
    def get(self, request: Request) -> Response:
        """Say what needs action in the order in which to do it, and how the fleet stands."""
        self.asked(request)
        now = timezone.now()
        counted = board_figures(person_of(request), now=now)
        queue = queue_of(counted.made.ranked, first=MOST)
        board = Board(figures=counted.made, queue=queue, fresh=freshness(now=now), counted_at=counted.at)
        return Response(BoardSerializer(board).data)


class CellSerializer(serializers.Serializer[Cell]):
    """Hours from the begin of `first` to the end of `last`; `share` is the part of the cap used by then, per cent."""

    first = serializers.IntegerField(source="span.first")
    last = serializers.IntegerField(source="span.last")
    is_shut = serializers.BooleanField(source="span.is_shut", help_text="Outside the calling hours.")
    share = serializers.IntegerField(allow_null=True)
    is_forecast = serializers.BooleanField()


class TeamHoursSerializer(serializers.Serializer[TeamHours]):
    """A team's day; `cap` is the sum of its held cards' caps, `near` are cards at 80 per cent of their own."""

    team = serializers.IntegerField(source="team_id")
    name = serializers.CharField()
    cards = serializers.IntegerField()
    calls = serializers.IntegerField()
    cap = serializers.IntegerField()
    near = serializers.IntegerField()
    share = serializers.IntegerField()
    forecast = serializers.IntegerField(allow_null=True, help_text="Calls at the end of the day at this pace.")
    cells = CellSerializer(many=True)


class HoursSerializer(serializers.Serializer[Strip]):
    """Today's calls against the caps, the fullest teams first; `limit` is the general cap of a card."""

    limit = serializers.IntegerField(allow_null=True)
    is_illustrative = serializers.BooleanField()
    seen_until = serializers.DateTimeField(allow_null=True, help_text="The last call known of anybody.")
    teams = TeamHoursSerializer(many=True)
    more_teams = serializers.IntegerField()


class BoardHoursView(Report):
    """The day's calls of the cards in the person's scope."""

    right = "lifecycle.view_fleet"

    @extend_schema(responses=HoursSerializer)
    def get(self, request: Request) -> Response:
        """Say how much of the day's caps is used, by team and hour."""
        self.asked(request)
        return Response(HoursSerializer(kept_hours(person_of(request), now=timezone.now())).data)


class BoardCostSerializer(serializers.Serializer[MonthCost]):
    """What the month has cost, CNY: by the teams that cost most, and what it comes to at its end."""

    total = CostRowSerializer(source="report.total")
    forecast = serializers.DecimalField(max_digits=15, decimal_places=2)
    budget = serializers.DecimalField(max_digits=15, decimal_places=2, allow_null=True)
    elapsed = serializers.IntegerField(help_text="Of the month's days, per cent.")
    dearest = CostRowSerializer(many=True)
    more = serializers.IntegerField(help_text="Teams besides.")


class BoardCostView(Report):
    """The month's cost in the person's scope."""

    right = "billing.view_costs"

    @extend_schema(responses=BoardCostSerializer)
    def get(self, request: Request) -> Response:
        """Say what the month has cost so far."""
        self.asked(request)
        return Response(BoardCostSerializer(kept_cost(person_of(request), now=timezone.now())).data)


class WaitingSerializer(serializers.Serializer[Waiting]):
    """How much waits for the person; null of what they have no right to see."""

    requests = serializers.IntegerField(allow_null=True, help_text="For cards, to decide on or to hand out from.")
    top_ups = serializers.IntegerField(allow_null=True, help_text="To be approved by the person.")
    disputes = serializers.IntegerField(allow_null=True, help_text="Complaints a carrier has not answered in time.")
    inspections = serializers.IntegerField(allow_null=True, help_text="Cards to be looked at.")


class BoardWaitingView(Report):
    """What waits beside the queue."""

    right = "lifecycle.view_fleet"

    @extend_schema(responses=WaitingSerializer)
    def get(self, request: Request) -> Response:
        """Say how much waits for the person."""
        self.asked(request)
        return Response(WaitingSerializer(waiting(person_of(request), now=timezone.now())).data)
