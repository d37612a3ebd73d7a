"""`/api/v1/leavings/`: who leaves, and what of it is wound up (R76)."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.choices import LeavingState
from agents.filters import LeavingFilter
from agents.models import Leaving, LeavingTask
from agents.services.leaving import finish
from cardfleet.accounts.access import person_of
from cardfleet.jobs.api.idempotency import IdempotentMixin
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight


class LeavingTaskSerializer(serializers.ModelSerializer[LeavingTask]):
    """One thing to be wound up; `card` where it is about one."""

    class Meta:
        model = LeavingTask
        fields = ("id", "kind", "card", "due_on", "done_at", "note")
        read_only_fields = fields


class LeavingSerializer(serializers.ModelSerializer[Leaving]):
    """A leaving; `state` follows from the dates, `left_at` is when the access ended."""

    state = serializers.SerializerMethodField()
    tasks = LeavingTaskSerializer(many=True, read_only=True)

    class Meta:
        model = Leaving
        fields = ("id", "agent", "state", "reason", "leaves_on", "noticed_at", "left_at", "finished_at", "tasks")
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=LeavingState.choices))
    def get_state(self, leaving: Leaving) -> str:
        """Where it is."""
        return leaving.state


class LeavingViewSet(IdempotentMixin, viewsets.ReadOnlyModelViewSet[Leaving]):
    """The leavings of agents in the person's scope."""

    queryset = Leaving.objects.all()
    serializer_class = LeavingSerializer
    filterset_class = LeavingFilter
    permission_classes = (HasRight,)
    right = "agents.view_leaving"
    rights = {"finish": "agents.change_leaving"}

    def get_queryset(self) -> QuerySet[Leaving]:
        """Return the leavings in scope."""
        return Leaving.objects.visible_to(person_of(self.request)).prefetch_related("tasks")

    @extend_schema(request=None, responses=LeavingSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """Close a leaving; 409 names each task that is left."""
        finish(leaving_id=self.get_object().pk, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)
