"""`/api/v1/usage/imports/{id}/rejects/`: the rows of an import that are still refused."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import generics

from billing.filters import RejectFilter
from billing.models import UsageBatch, UsageReject
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.errors import NotVisible


class RejectSerializer(serializers.ModelSerializer[UsageReject]):
    """A refused row: where, what stands there, and why; `cells` are all of the row."""

    message = serializers.SerializerMethodField()
    cells = serializers.ListField(child=serializers.CharField(allow_null=True), read_only=True)

    class Meta:
        model = UsageReject
        fields = ("id", "line", "column", "value", "code", "message", "cells")

    @extend_schema_field(str)
    def get_message(self, reject: UsageReject) -> str:
        """Return the reason as a sentence."""
        return reject.message


class RejectsView(generics.ListAPIView[UsageReject]):
    """The rows of an import that are still refused."""

    queryset = UsageReject.objects.all()
    serializer_class = RejectSerializer
    filterset_class = RejectFilter
    permission_classes = (HasRight,)
    right = "billing.import_usage"
    ordering = ("line", "id")

    def get_queryset(self) -> QuerySet[UsageReject]:
        """Return the rows of an import the person may see; NotVisible for another."""
        batch = UsageBatch.objects.visible_to(person_of(self.request)).filter(pk=self.kwargs["pk"]).first()
        if batch is None:
            raise NotVisible
        return batch.rejects.open()
