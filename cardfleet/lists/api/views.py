"""`/api/v1/views/`: ways to look at a list, kept under a name."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import acting, person_of
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import Team
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.errors import NotAllowed
from cardfleet.lists.models import SavedView
from cardfleet.lists.registry import listing
from cardfleet.lists.selectors.views import known_views, managed_views, may_change
from cardfleet.lists.services.views import Sharing, change_view, delete_view, open_with, save_view

LONGEST_QUERY = 4000


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    """A view: its filters as in the list's address, its columns, none for the usual ones, order and page size.

    It shows everybody their own scope. `opens`: the person's list opens with it; `opens_by_role`: a role's does.
    """

    opens = serializers.BooleanField(read_only=True)
    opens_by_role = serializers.BooleanField(read_only=True)
    may_change = serializers.SerializerMethodField()

    class Meta:
        model = SavedView
        fields = (
            "id", "listing", "name", "query", "columns", "sort", "size", "owner", "shared_role", "shared_team",
            "changed_at", "opens", "opens_by_role", "may_change",
        )  # fmt: skip
        read_only_fields = fields

    def get_may_change(self, view: SavedView) -> bool:
        """Whether the person may change and remove it."""
        return may_change(view, person_of(self.context["request"]))


class AskedSerializer(serializers.Serializer[Any]):
    """What a view asks of its list, and with whom it is shared: a role, or a team and those below it."""

    query = serializers.CharField(
        max_length=LONGEST_QUERY,
        allow_blank=True,
        required=False,
        help_text="As in the list's address: `stopped=true&columns=state&sort=risk&size=25`.",
    )
    role = serializers.ChoiceField(choices=Role.choices, allow_blank=True, required=False)
    team = serializers.InScope(queryset=Team.objects.all(), allow_null=True, required=False)


class SaveSerializer(AskedSerializer):
    """A view to keep; `opens`: the person's own list opens with it from now on."""

    listing = serializers.SlugField(max_length=32)
    name = serializers.CharField(max_length=60)
    opens = serializers.BooleanField(required=False, default=False)


class ChangeSerializer(AskedSerializer):
    """What is to be otherwise. Whoever names a role or a team names all with whom it is shared."""

    name = serializers.CharField(max_length=60, required=False)


class OpeningSerializer(serializers.Serializer[Any]):
    """Whether the list is to open with it: the person's own, or that of the role it is shared with."""

    on = serializers.BooleanField()
    role = serializers.ChoiceField(choices=Role.choices, allow_blank=True, required=False, default="")


class StoppedReportsSerializer(serializers.Serializer[Any]):
    """How many reports ended with the view."""

    stopped = serializers.IntegerField()


class SavedViewViewSet(viewsets.ReadOnlyModelViewSet[SavedView]):
    """The views a person may use, list by list."""

    queryset = SavedView.objects.all()
    serializer_class = SavedViewSerializer
    permission_classes = (HasRight,)
    right = "lists.add_savedview"
    ordering = ("listing", "name", "pk")

    def get_queryset(self) -> QuerySet[SavedView]:
        """Return the views to use; one alone may be one to change as well."""
        person = person_of(self.request)
        return managed_views(person) if self.action == "list" else known_views(person)

    @extend_schema(request=SaveSerializer, responses={201: SavedViewSerializer})
    def create(self, request: Request) -> Response:
        """Keep a way to look at a list."""
        given, by = self.given(SaveSerializer), acting(request)
        found = listing(given["listing"])
        if not by["actor"].has_perm(found.permission):
            raise NotAllowed
        view = save_view(
            listing=found,
            name=given["name"],
            query=QueryDict(given.get("query", "")),
            sharing=sharing_of(given),
            **by,
        )
        if given["opens"]:
            open_with(view_id=view.pk, on=True, **by)
        return self.told(view, status=status.HTTP_201_CREATED)

    @extend_schema(request=ChangeSerializer, responses=SavedViewSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        """Change what a view asks, its name, or with whom it is shared."""
        view, given = self.get_object(), self.given(ChangeSerializer)
        changed = change_view(
            view_id=view.pk,
            name=given.get("name"),
            query=QueryDict(given["query"]) if "query" in given else None,
            sharing=sharing_of(given) if given.keys() & {"role", "team"} else None,
            **acting(request),
        )
        return self.told(changed)

    @extend_schema(request=None, responses=StoppedReportsSerializer)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        """Delete a view; the reports made from it are stopped."""
        stopped = delete_view(view_id=self.get_object().pk, **acting(request))
        return Response(StoppedReportsSerializer({"stopped": stopped}).data)

    @extend_schema(request=OpeningSerializer, responses=SavedViewSerializer)
    @action(detail=True, methods=["post"])
    def opening(self, request: Request, pk: str) -> Response:
        """Let a list open with a view, for oneself or for the role it is shared with; or no more."""
        view, given = self.get_object(), self.given(OpeningSerializer)
        return self.told(open_with(view_id=view.pk, on=given["on"], role=given["role"], **acting(request)))

    def told(self, view: SavedView, **kwargs: Any) -> Response:
        """Return a view as it is then."""
        known = known_views(person_of(self.request)).get(pk=view.pk)
        return Response(self.get_serializer(known).data, **kwargs)


def sharing_of(given: dict[str, Any]) -> Sharing:
    """Return with whom a view is to be shared."""
    return Sharing(role=given.get("role", ""), team=given.get("team"))
