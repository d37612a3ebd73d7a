"""`/api/v1/tags/`."""

import django_filters

from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import ListFilterSet
from cards.models import Tag


class TagSerializer(serializers.ModelSerializer[Tag]):
    """A word that people put on cards; `GET cards/?tag=` takes its name."""

    class Meta:
        model = Tag
        fields = ("id", "name")


class TagFilter(ListFilterSet):
    """Filters over tags."""

    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains")

    class Meta:
        model = Tag
        fields: tuple[str, ...] = ()


class TagViewSet(viewsets.ReadOnlyModelViewSet[Tag]):
    """The tags in use."""

    queryset = Tag.objects.all()
    serializer_class = TagSerializer
    filterset_class = TagFilter
    permission_classes = (HasRight,)
    right = "cards.view_tag"
    counted = True
