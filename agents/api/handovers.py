"""`/api/v1/handovers/`: the receipts of what was handed over (R8, R75)."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from agents.models import Handover
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import ListFilterSet


class HandoverSerializer(serializers.ModelSerializer[Handover]):
    """A receipt with the ids of its assignments; a drawn signature stays on the page, `is_drawn` tells that it is."""

    assignments: Any = serializers.PrimaryKeyRelatedField(many=True, read_only=True)
    is_drawn = serializers.SerializerMethodField()

    class Meta:
        model = Handover
        fields = (
            *("id", "act", "kind", "agent", "handed_by", "handed_at", "accessories", "terms"),
            *("accepted_at", "signed_name", "is_drawn", "assignments"),
        )
        read_only_fields = fields

    def get_is_drawn(self, receipt: Handover) -> bool:
        """Whether it was signed by a drawing."""
        return receipt.signature_id is not None


class HandoverFilter(ListFilterSet):
    """Filters over receipts; `act` is shared by those of one distribution."""

    agent = django_filters.NumberFilter(field_name="agent_id")
    act = django_filters.UUIDFilter()
    accepted = django_filters.BooleanFilter(field_name="accepted_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Handover
        fields: tuple[str, ...] = ()


class HandoverViewSet(viewsets.ReadOnlyModelViewSet[Handover]):
    """The receipts of the agents in the person's scope, and the person's own."""

    queryset = Handover.objects.all()
    serializer_class = HandoverSerializer
    filterset_class = HandoverFilter
    permission_classes = (HasRight,)
    right = "agents.view_handover"

    def get_queryset(self) -> QuerySet[Handover]:
        """Return those in scope."""
        return Handover.objects.visible_to(person_of(self.request)).prefetch_related("assignments")
