"""`/api/v1/people/`: who has access, since when and what for; invited, let go, and let back in (R12, R76)."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import acting, person_of, refuse_narrow_token, refuse_stale_session
from cardfleet.accounts.choices import Role
from cardfleet.accounts.filters import PersonFilter
from cardfleet.accounts.forms import InviteForm
from cardfleet.accounts.models import User
from cardfleet.accounts.services.access import deactivate, reactivate
from cardfleet.accounts.services.passwords import reset_password
from cardfleet.accounts.services.people import create_person
from cardfleet.accounts.services.sessions import sign_out_everywhere
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight


class PersonSerializer(serializers.ModelSerializer[User]):
    """A person with access, or who had it; `owner` answers for a service account."""

    roles = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("id", "name", "staff_no", "username", "roles", "team", "is_active", "left_on", "owner")
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=Role.choices)))
    def get_roles(self, person: User) -> list[str]:
        """What they do."""
        return sorted(person.role_names)


class LetInSerializer(serializers.Serializer[Any]):
    """A person who may sign in, and the one-time password to do it with."""

    person = PersonSerializer()
    password = serializers.CharField()


class WhyLeftSerializer(serializers.Serializer[Any]):
    """Why somebody's access ends or returns."""

    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class SignedOutSerializer(serializers.Serializer[Any]):
    """How many sessions ended."""

    sessions = serializers.IntegerField()


class PersonViewSet(viewsets.ReadOnlyModelViewSet[User]):
    """The people in the person's scope. Who is let in is told a password: a token for some areas lets nobody in."""

    answers_secrets = True

    queryset = User.objects.all()
    serializer_class = PersonSerializer
    filterset_class = PersonFilter
    permission_classes = (HasRight,)
    right = "accounts.view_user"
    rights = {
        "create": "accounts.add_user",
        "password": "accounts.reset_password",
        **dict.fromkeys(("leave", "return_", "sign_out"), "accounts.deactivate_user"),
    }

    def get_queryset(self) -> QuerySet[User]:
        """Return those in scope."""
        seen: QuerySet[User] = User.objects.visible_to(person_of(self.request))
        return seen.prefetch_related("groups")

    @extend_schema(request=asks(InviteForm), responses={201: LetInSerializer})
    def create(self, request: Request) -> Response:
        """Invite somebody of the office, and answer their one-time password."""
        refuse_narrow_token(request)
        facts = filled(request, InviteForm, person=person_of(request)).facts()
        return _let_in(*create_person(**facts, **acting(request)), code=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=LetInSerializer)
    @action(detail=True, methods=["post"])
    def password(self, request: Request, pk: str) -> Response:
        """Give somebody who cannot sign in a one-time password."""
        refuse_narrow_token(request)
        person = self.get_object()
        return _let_in(person, reset_password(person=person, **acting(request)))

    @extend_schema(request=WhyLeftSerializer, responses=PersonSerializer)
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        """End a leaver's access at once: sign-in, sessions and tokens."""
        left = deactivate(person=self.get_object(), reason=self._reason(), **acting(request))
        return Response(PersonSerializer(left).data)

    @extend_schema(request=WhyLeftSerializer, responses=LetInSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def return_(self, request: Request, pk: str) -> Response:
        """Restore somebody's access, and answer their one-time password."""
        person = self.get_object()
        refuse_stale_session(request)
        refuse_narrow_token(request)
        return _let_in(*reactivate(person=person, reason=self._reason(), **acting(request)))

    @extend_schema(request=None, responses=SignedOutSerializer)
    @action(detail=True, methods=["post"], url_path="sign-out", url_name="sign-out")
    def sign_out(self, request: Request, pk: str) -> Response:
        """End somebody's sessions and tokens at once; they may sign in again."""
        ended = sign_out_everywhere(person=self.get_object(), **acting(request))
        return Response(SignedOutSerializer({"sessions": ended}).data)

    def _reason(self) -> str:
        given = WhyLeftSerializer(data=self.request.data)
        given.is_valid(raise_exception=True)
        return str(given.validated_data["reason"])


def _let_in(person: User, password: str, *, code: int = status.HTTP_200_OK) -> Response:
    told = LetInSerializer({"person": person, "password": password}).data
    return Response(told, status=code, headers={"Cache-Control": "no-store"})
