"""`/api/v1/connections/`: what is fetched from others, how that goes, and a run asked for (issue 9, part 5)."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import ListFilterSet
from lifecycle.choices import RunOutcome
from lifecycle.models import Connection, ConnectionRun
from lifecycle.services.connections.editing import ask_run


class ConnectionSerializer(serializers.ModelSerializer[Connection]):
    """A connection without its settings and its secret, which are the administration's. It fails since the alert."""

    class Meta:
        model = Connection
        fields = (
            "id", "name", "kind", "subject", "carrier", "every_minutes", "is_enabled", "next_try_at",
            "last_success_at", "data_as_of", "failures", "failing_since",
        )  # fmt: skip
        read_only_fields = fields


class ConnectionRunSerializer(serializers.ModelSerializer[ConnectionRun]):
    """A run: rows by what became of them, `refused` the first of those with why.

    `raw` is the file of the answers, `imports` are the imports of calls it asked for.
    """

    class Meta:
        model = ConnectionRun
        fields = (
            "id", "connection", "started_at", "took_ms", "outcome", "data_as_of", "rows_read", "rows_stored",
            "rows_known", "rows_outdated", "rows_refused", "refused", "code", "message", "raw",
            "imports",
        )  # fmt: skip
        read_only_fields = fields


class ConnectionViewSet(viewsets.ReadOnlyModelViewSet[Connection]):
    """The connections."""

    queryset = Connection.objects.all()
    serializer_class = ConnectionSerializer
    permission_classes = (HasRight,)
    right = "lifecycle.view_connection"
    rights = {"run": "lifecycle.change_connection"}
    ordering = ("name", "id")

    @extend_schema(request=None, responses={202: ConnectionSerializer})
    @action(detail=True, methods=["post"])
    def run(self, request: Request, pk: str) -> Response:
        """Let it run within a minute. A connection that is switched off is refused."""
        connection = ask_run(connection_id=self.get_object().pk, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(connection).data, status=status.HTTP_202_ACCEPTED)


class ConnectionRunFilter(ListFilterSet):
    """Filters over the runs of connections."""

    connection = django_filters.NumberFilter(field_name="connection_id", label=_("Connection"))
    outcome = django_filters.MultipleChoiceFilter(choices=RunOutcome, label=_("Outcome"), distinct=False)

    class Meta:
        model = ConnectionRun
        fields: tuple[str, ...] = ()


class ConnectionRunViewSet(viewsets.ReadOnlyModelViewSet[ConnectionRun]):
    """The runs of connections, the latest first; those of one by `connection`."""

    queryset = ConnectionRun.objects.prefetch_related("imports")
    serializer_class = ConnectionRunSerializer
    filterset_class = ConnectionRunFilter
    permission_classes = (HasRight,)
    right = "lifecycle.view_connectionrun"
    ordering = ("-id",)
