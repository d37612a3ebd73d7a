"""`/api/v1/assignments/` with the undoing of a hand-out, which also puts its calls right."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api.assignments import AssignmentSerializer, AssignmentViewSet
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers
from lifecycle.services.allocation import undo_hand_out


class UndoSerializer(serializers.Serializer[Any]):
    """Why a hand-out is undone."""

    reason = serializers.CharField(max_length=200)


class HandoutViewSet(AssignmentViewSet):
    """The assignments of cards and agents in the person's scope, and the person's own."""

    rights = {"undo": "agents.issue_card"}

    @extend_schema(request=UndoSerializer, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Undo a mistaken hand-out."""
        mistake = self.get_object()
        given = UndoSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        undone = undo_hand_out(
            assignment_id=mistake.pk,
            reason=given.validated_data["reason"],
            actor=person_of(request),
            now=timezone.now(),
        )
        return Response(AssignmentSerializer(undone).data)
