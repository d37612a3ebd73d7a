"""`/api/v1/notifications/wishes/`: how one wishes to be told."""

from typing import Any

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.notify.choices import Mode
from cardfleet.notify.rules.wishes import Wishes
from cardfleet.notify.selectors import wishes_of
from cardfleet.notify.services.wishes import Chosen, choose
from cardfleet.notify.topics import topics

MODES = {"type": "object", "additionalProperties": {"type": "string", "enum": Mode.values}}


class WishesSerializer(serializers.Serializer[Wishes]):
    """How a person is told: `modes` is how of each topic, by its code. Times are Shanghai's, null for none.

    Nothing is sent from `quiet_from` until `quiet_until`, but what is critical where it comes through.
    """

    email = serializers.BooleanField()
    quiet_from = serializers.TimeField(source="quiet.start", allow_null=True)
    quiet_until = serializers.TimeField(source="quiet.end", allow_null=True)
    urgent_through = serializers.BooleanField(source="quiet.urgent_through")
    digest_at = serializers.TimeField(allow_null=True)
    modes = serializers.SerializerMethodField()

    @extend_schema_field(MODES)
    def get_modes(self, wishes: Wishes) -> dict[str, str]:
        """Every topic there is."""
        return {code: wishes.mode(code).value for code in topics()}


class ChosenSerializer(serializers.Serializer[Any]):
    """What is to be otherwise than it is; of `modes` the topics named alone."""

    email = serializers.BooleanField(required=False)
    quiet_from = serializers.TimeField(required=False, allow_null=True)
    quiet_until = serializers.TimeField(required=False, allow_null=True)
    urgent_through = serializers.BooleanField(required=False)
    digest_at = serializers.TimeField(required=False, allow_null=True)
    modes = serializers.DictField(child=serializers.ChoiceField(choices=Mode.choices), required=False)


class WishesViewSet(viewsets.ViewSet):
    """The person's own wishes."""

    permission_classes = (HasRight,)

    @extend_schema(responses=forced_singular_serializer(WishesSerializer))  # type: ignore[no-untyped-call]
    def list(self, request: Request) -> Response:
        """Say how one is told."""
        return Response(WishesSerializer(self.wishes()).data)

    @extend_schema(request=ChosenSerializer, responses={200: WishesSerializer})
    def create(self, request: Request) -> Response:
        """Choose how one is told; it holds from the next message on."""
        asked = ChosenSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given, now = asked.validated_data, self.wishes()
        modes = {code: now.mode(code) for code in topics()} | given.pop("modes", {})
        facts: dict[str, Any] = {
            "email": now.email,
            "quiet_from": now.quiet.start,
            "quiet_until": now.quiet.end,
            "urgent_through": now.quiet.urgent_through,
            "digest_at": now.digest_at,
        }
        choose(person=person_of(request), chosen=Chosen(**facts | given, modes=modes))
        return Response(WishesSerializer(self.wishes()).data)

    def wishes(self) -> Wishes:
        """Return what holds of the person who asks."""
        person = person_of(self.request)
        return wishes_of([person.pk])[person.pk]
