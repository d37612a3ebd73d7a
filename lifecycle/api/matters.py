"""`/api/v1/compliance/matters/`: complaints, subject requests and breaches of the desk (R40, R83)."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import ListFilterSet
from lifecycle.choices import MatterKind
from lifecycle.models import Matter, MatterStep
from lifecycle.querysets import MatterQuerySet


class MatterStepSerializer(serializers.ModelSerializer[MatterStep]):
    """A step with its clock."""

    class Meta:
        model = MatterStep
        fields = ("code", "due_at", "done_at", "done_by")
        read_only_fields = fields


class MatterSerializer(serializers.ModelSerializer[Matter]):
    """A matter; `due_at` is the clock of its next step, `outcome` is empty while it is open.

    Who asked and about which number is on its page alone.
    """

    card = serializers.IntegerField(source="complaint.card_id", read_only=True, allow_null=True, default=None)
    outcome = serializers.CharField(read_only=True)
    steps = MatterStepSerializer(many=True, read_only=True)

    class Meta:
        model = Matter
        fields = (
            "id", "kind", "title", "channel", "received_at", "card", "about", "people", "opened_at", "due_at",
            "closed_at", "outcome", "steps",
        )  # fmt: skip
        read_only_fields = fields


class MatterFilter(ListFilterSet):
    """Filters over matters; `late`: open, and the next step should have been done by now."""

    kind = django_filters.MultipleChoiceFilter(choices=MatterKind)
    open = django_filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull")
    late = django_filters.BooleanFilter(method="filter_late")

    class Meta:
        model = Matter
        fields: tuple[str, ...] = ()

    def filter_late(self, matters: MatterQuerySet, _name: str, value: bool) -> MatterQuerySet:  # noqa: FBT001
        """Return matters that should have gone on by now, or all others."""
        late = Matter.objects.open().filter(due_at__lte=timezone.now()).values("pk")
        return matters.filter(pk__in=late) if value else matters.exclude(pk__in=late)


class MatterViewSet(viewsets.ReadOnlyModelViewSet[Matter]):
    """The matters of the desk, for those who work there."""

    queryset = Matter.objects.all()
    serializer_class = MatterSerializer
    filterset_class = MatterFilter
    permission_classes = (HasRight,)
    right = "lifecycle.view_desk"

    def get_queryset(self) -> QuerySet[Matter]:
        """Return the matters."""
        seen = Matter.objects.visible_to(person_of(self.request))
        return seen.select_related("complaint").prefetch_related("steps")
