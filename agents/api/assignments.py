"""`/api/v1/assignments/`: who held which card when; accepting a hand-out."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.choices import AssignmentState
from agents.lists import ASSIGNMENTS
from agents.models import Assignment
from agents.services.assignments import accept
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.lists.api.listed import Listed


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    """A card in an agent's hands for a time; `state` follows from the dates, `team` is the team at hand-over."""

    state = serializers.ChoiceField(choices=AssignmentState.choices, read_only=True)

    class Meta:
        model = Assignment
        fields = (
            "id",
            "card",
            "agent",
            "team",
            "state",
            "origin",
            "started_at",
            "ended_at",
            "recorded_at",
            "accept_by",
            "accepted_at",
            "due_back_on",
            "undone_at",
            "return_condition",
        )
        read_only_fields = fields


class AssignmentViewSet(Listed, viewsets.ReadOnlyModelViewSet[Assignment]):
    """The assignments of cards and agents in the person's scope, and the person's own."""

    queryset = Assignment.objects.all()
    serializer_class = AssignmentSerializer
    listing = ASSIGNMENTS
    permission_classes = (HasRight,)
    right = "agents.view_assignment"

    def get_queryset(self) -> QuerySet[Assignment]:
        """Return the assignments in scope."""
        return Assignment.objects.visible_to(person_of(self.request))

    @extend_schema(request=None, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Sign for a card handed to oneself."""
        signed = accept(assignment_id=self.get_object().pk, actor=person_of(request), now=timezone.now())
        return Response(AssignmentSerializer(signed).data)
