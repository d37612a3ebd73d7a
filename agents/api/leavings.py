"""`/api/v1/leavings/`: who leaves, and what of it is wound up (R76)."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.choices import LeavingState
from agents.forms import NoticeForm, ReasonForm
from agents.lists import LEAVERS
from agents.models import Agent, Leaving, LeavingTask
from agents.services.leaving import give_notice, withdraw_notice
from cardfleet.accounts.access import acting, person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.lists.api.listed import Listed


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


class NoticeSerializer(asks(NoticeForm)):  # type: ignore[misc]
    """Who leaves, on which day to come, and why."""

    agent = serializers.InScope(queryset=Agent.objects.all())


class LeavingViewSet(Listed, viewsets.ReadOnlyModelViewSet[Leaving]):
    """The leavings of agents in the person's scope."""

    queryset = Leaving.objects.all()
    serializer_class = LeavingSerializer
    listing = LEAVERS
    permission_classes = (HasRight,)
    right = "agents.view_leaving"
    rights = dict.fromkeys(("create", "withdraw"), "agents.change_leaving")

    def get_queryset(self) -> QuerySet[Leaving]:
        """Return the leavings in scope."""
        return Leaving.objects.visible_to(person_of(self.request)).prefetch_related("tasks")

    @extend_schema(request=NoticeSerializer, responses={201: LeavingSerializer})
    def create(self, request: Request) -> Response:
        """Note that an agent leaves on a day to come."""
        asked = NoticeSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        leaving = give_notice(
            agent_id=given["agent"].pk, leaves_on=given["leaves_on"], reason=given.get("reason", ""), **acting(request)
        )
        return Response(self.get_serializer(leaving).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=asks(ReasonForm), responses=LeavingSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a notice back: they stay."""
        leaving = self.get_object()
        withdraw_notice(leaving_id=leaving.pk, **filled(request, ReasonForm).cleaned_data, **acting(request))
        return Response(self.get_serializer(self.get_object()).data)
