"""`/api/v1/absences/`: who is away, for a personnel system to write and a dialler to read."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.choices import AbsenceKind
from agents.filters import AbsenceFilter
from agents.models import Absence, Agent
from agents.services.absences import end_absence, record_absence
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight


class AbsenceSerializer(serializers.ModelSerializer[Absence]):
    """An absence: whole days of Shanghai, both included. A withdrawn one never held."""

    agent = serializers.InScope(queryset=Agent.objects.all())
    ends_on = serializers.DateField(required=False)

    class Meta:
        model = Absence
        fields = ("id", "agent", "kind", "starts_on", "ends_on", "note", "recorded_at", "withdrawn_at")
        read_only_fields = ("id", "recorded_at", "withdrawn_at")


class AbsenceViewSet(viewsets.ReadOnlyModelViewSet[Absence]):
    """The absences of the agents in the person's scope."""

    queryset = Absence.objects.all()
    serializer_class = AbsenceSerializer
    filterset_class = AbsenceFilter
    permission_classes = (HasRight,)
    right = "agents.view_absence"
    rights = {"create": "agents.add_absence", "end": "agents.change_absence"}

    def get_queryset(self) -> QuerySet[Absence]:
        """Return the absences in scope."""
        return Absence.objects.visible_to(person_of(self.request))

    def create(self, request: Request) -> Response:
        """Record an absence; without `ends_on` it is the first day alone."""
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        absence = record_absence(
            agent_id=given["agent"].pk,
            kind=AbsenceKind(given.get("kind", AbsenceKind.LEAVE)),
            starts_on=given["starts_on"],
            ends_on=given.get("ends_on", given["starts_on"]),
            note=given.get("note", ""),
            actor=person_of(request),
            now=timezone.now(),
        )
        return Response(self.get_serializer(absence).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=AbsenceSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Note that the agent is back; the days from today on fall away."""
        absence = end_absence(absence_id=self.get_object().pk, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(absence).data)
