"""`/api/v1/registrants/`. ID numbers are never answered."""

import django_filters
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import Days, ListFilterSet
from cards.choices import RegistrantKind
from cards.models import Registrant


class RegistrantSerializer(serializers.ModelSerializer[Registrant]):
    """A person or company in whose name cards are; `has_id_number` tells only that one is stored."""

    has_id_number = serializers.SerializerMethodField()

    class Meta:
        model = Registrant
        fields = ("id", "kind", "name", "has_id_number", "proof_valid_until", "handler_name")

    def get_has_id_number(self, registrant: Registrant) -> bool:
        """Whether an ID number is stored."""
        return registrant.id_fingerprint is not None


class RegistrantFilter(ListFilterSet):
    """Filters over registrants."""

    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(choices=RegistrantKind)
    proof_valid = Days("proof_valid_until", label=_("proof valid until"))

    class Meta:
        model = Registrant
        fields: tuple[str, ...] = ()


class RegistrantViewSet(viewsets.ReadOnlyModelViewSet[Registrant]):
    """Registrants; the encrypted number is not even loaded."""

    queryset = Registrant.objects.defer("id_number")
    serializer_class = RegistrantSerializer
    filterset_class = RegistrantFilter
    permission_classes = (HasRight,)
    right = "cards.view_registrant"
