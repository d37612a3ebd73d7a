"""`/api/v1/confirmations/`: what holders said of the details of their cards (R14)."""

import django_filters
from django.db.models import QuerySet

from agents.models import CardConfirmation
from agents.querysets import ConfirmationQuerySet
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight


class ConfirmationSerializer(serializers.ModelSerializer[CardConfirmation]):
    """What a holder said in the quarter that begins with `period`; `wrong` names details, empty where all is right."""

    wrong = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = CardConfirmation
        fields = ("id", "card", "agent", "period", "wrong", "note", "at", "settled_at", "settled_by")
        read_only_fields = fields


class ConfirmationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters over confirmations; `unsettled`: something is wrong and nobody put it right."""

    card = django_filters.NumberFilter(field_name="card_id")
    agent = django_filters.NumberFilter(field_name="agent_id")
    period = django_filters.DateFilter()
    unsettled = django_filters.BooleanFilter(method="filter_unsettled")

    class Meta:
        model = CardConfirmation
        fields: tuple[str, ...] = ()

    def filter_unsettled(self, said: ConfirmationQuerySet, _name: str, value: bool) -> ConfirmationQuerySet:  # noqa: FBT001
        """Return what waits to be put right, or all else."""
        waiting = CardConfirmation.objects.unsettled().values("pk")
        return said.filter(pk__in=waiting) if value else said.exclude(pk__in=waiting)


class ConfirmationViewSet(viewsets.ReadOnlyModelViewSet[CardConfirmation]):
    """What was said of the cards in scope."""

    queryset = CardConfirmation.objects.all()
    serializer_class = ConfirmationSerializer
    filterset_class = ConfirmationFilter
    permission_classes = (HasRight,)
    right = "agents.view_cardconfirmation"

    def get_queryset(self) -> QuerySet[CardConfirmation]:
        """Return those in scope."""
        return CardConfirmation.objects.visible_to(person_of(self.request))
