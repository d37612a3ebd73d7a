"""`/api/v1/scripts/`: agents read what is approved, the office writes and approves (R31, R59)."""

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.forms.targets import ScriptForm, ScriptVersionForm
from agents.models import Script, ScriptVersion
from agents.services.scripts import approve_script, write_script
from cardfleet.accounts.access import acting, person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.filtersets import ListFilterSet
from cards.choices import Purpose


class ScriptVersionSerializer(serializers.ModelSerializer[ScriptVersion]):
    """A wording; it is used while `approved_at` is set and no later one is approved."""

    class Meta:
        model = ScriptVersion
        fields = (
            *("id", "script", "number", "text", "states_identity", "offers_opt_out"),
            *("written_at", "written_by", "approved_at", "approved_by"),
        )
        read_only_fields = fields


class ScriptSerializer(serializers.ModelSerializer[Script]):
    """A script with its versions, the latest first; agents see the approved ones."""

    versions = ScriptVersionSerializer(many=True, read_only=True)

    class Meta:
        model = Script
        fields = ("id", "name", "purpose", "ended_at", "versions")
        read_only_fields = fields


class ScriptFilter(ListFilterSet):
    """Filters over scripts."""

    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains")
    purpose = django_filters.ChoiceFilter(choices=Purpose)

    class Meta:
        model = Script
        fields: tuple[str, ...] = ()


class ScriptViewSet(viewsets.ReadOnlyModelViewSet[Script]):
    """The scripts."""

    queryset = Script.objects.all()
    serializer_class = ScriptSerializer
    filterset_class = ScriptFilter
    permission_classes = (HasRight,)
    right = "agents.view_script"
    rights = {
        "create": "agents.add_script",
        "versions": "agents.add_script",
        "approve": "agents.approve_script",
    }

    def get_queryset(self) -> QuerySet[Script]:
        """Return them; for those who write none, with what is approved."""
        versions = ScriptVersion.objects.order_by("-number")
        if not person_of(self.request).has_perm("agents.add_script"):
            versions = versions.filter(approved_at__isnull=False)
        return Script.objects.prefetch_related(Prefetch("versions", queryset=versions))

    @extend_schema(request=asks(ScriptForm), responses={201: ScriptVersionSerializer})
    def create(self, request: Request) -> Response:
        """Write a new script."""
        return _written(write_script(**filled(request, ScriptForm).cleaned_data, **acting(request)))

    @extend_schema(request=asks(ScriptVersionForm), responses={201: ScriptVersionSerializer})
    @action(detail=True, methods=["post"])
    def versions(self, request: Request, pk: str) -> Response:
        """Write the next version; it waits for somebody else's approval."""
        script = self.get_object()
        given: dict[str, Any] = filled(request, ScriptVersionForm).cleaned_data
        return _written(write_script(script_id=script.pk, **given, **acting(request)))

    @extend_schema(request=None, responses=ScriptVersionSerializer)
    @action(detail=True, methods=["post"], url_path=r"versions/(?P<number>[0-9]{1,4})/approve")
    def approve(self, request: Request, pk: str, number: str) -> Response:
        """Approve a version, by its number, that somebody else wrote."""
        version = self.get_object().versions.filter(number=int(number)).first()
        if version is None:
            raise NotVisible
        return Response(ScriptVersionSerializer(approve_script(version_id=version.pk, **acting(request))).data)


def _written(version: ScriptVersion) -> Response:
    return Response(ScriptVersionSerializer(version).data, status=status.HTTP_201_CREATED)
