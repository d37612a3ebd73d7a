"""`/api/v1/usage/signals/`: what failed calls say of the cards in scope."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import mixins

from billing.filters import SignalFilter
from billing.models import UsageSignal
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight


class SignalSerializer(serializers.ModelSerializer[UsageSignal]):
    """A failure code of a call that a card made, and what it means; `raw` is what the switch said."""

    source: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = UsageSignal
        fields = ("id", "card", "at", "code", "meaning", "source", "raw")
        read_only_fields = fields


class SignalViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[UsageSignal]):
    """Signals, newest first."""

    queryset = UsageSignal.objects.all()
    serializer_class = SignalSerializer
    filterset_class = SignalFilter
    permission_classes = (HasRight,)
    right = "billing.view_usagesignal"
    ordering = ("-at", "-id")

    def get_queryset(self) -> QuerySet[UsageSignal]:
        """Return the signals of the cards in scope."""
        return UsageSignal.objects.visible_to(person_of(self.request)).select_related("source")
