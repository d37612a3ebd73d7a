"""`/api/v1/assignments/` with what the desk does: undone, which also puts calls right, reminded, due back."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api.assignments import AssignmentSerializer, AssignmentViewSet
from agents.models import Assignment
from agents.querysets import AssignmentQuerySet
from agents.services.acceptances import remind_to_accept
from agents.services.returns import set_return_day
from cardfleet.accounts.access import acting, person_of
from cardfleet.kernel.api import serializers
from lifecycle.services.allocation import undo_hand_out


class UndoSerializer(serializers.Serializer[Any]):
    """Why a hand-out is undone."""

    reason = serializers.CharField(max_length=200)


class ReturnDaySerializer(serializers.Serializer[Any]):
    """The day on which a card is to come back."""

    due_back_on = serializers.DateField(allow_null=True, help_text="Today or later; null where it may stay.")


class HandoutViewSet(AssignmentViewSet):
    """The assignments of cards and agents in the person's scope, and the person's own."""

    rights = dict.fromkeys(("undo", "remind", "return_day"), "agents.issue_card")

    @extend_schema(request=UndoSerializer, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Undo a mistaken hand-out."""
        mistake, given = self.get_object(), self.given(UndoSerializer)
        undone = undo_hand_out(assignment_id=mistake.pk, **given, **acting(request))
        return Response(AssignmentSerializer(undone).data)

    @extend_schema(request=None, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"])
    def remind(self, request: Request, pk: str) -> Response:
        """Remind the agent of all cards they did not sign for. 409 within an hour of the last time."""
        held = self.get_object()
        remind_to_accept(assignment_id=held.pk, assignments=_in_scope(request), **acting(request))
        return Response(AssignmentSerializer(held).data)

    @extend_schema(request=ReturnDaySerializer, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"], url_path="return-day", url_name="return-day")
    def return_day(self, request: Request, pk: str) -> Response:
        """Say on which day a card is to come back, or that it may stay."""
        held, given = self.get_object(), self.given(ReturnDaySerializer)
        scope = _in_scope(request)
        moved = set_return_day(assignment_id=held.pk, assignments=scope, **given, **acting(request))
        return Response(AssignmentSerializer(moved).data)


def _in_scope(request: Request) -> AssignmentQuerySet:
    """Return the assignments the asking person may speak of."""
    return Assignment.objects.visible_to(person_of(request))
