"""`/api/v1/why/` and `/certificates/{token}/`: who sees what and why, and whether a paper is ours (R12, R17)."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.filters import read_filters
from cardfleet.kernel.api.forms import cleaned
from cardfleet.kernel.api.reports import Report
from lifecycle.forms.why import WhyForm
from lifecycle.rules.why import Check
from lifecycle.selectors.destruction import verify
from lifecycle.selectors.why import Answer, why

NAMED = {"type": "string", "minLength": 1}


class SightCheckSerializer(serializers.Serializer[Check]):
    """One thing that is asked before somebody sees something; where it fails, what would clear it."""

    code = serializers.CharField()
    holds = serializers.BooleanField()
    words = serializers.CharField()
    clears = serializers.CharField()


class WhySerializer(serializers.Serializer[Answer]):
    """Whether a person sees a thing, and each thing that is asked before, in turn."""

    person = serializers.IntegerField(source="person.pk")
    name = serializers.CharField(source="person.name")
    thing = serializers.CharField(source="thing.words")
    sees = serializers.BooleanField()
    checks = SightCheckSerializer(many=True)


class WhyView(Report):
    """Of the people and things in the asker's scope."""

    right = "accounts.view_user"

    @extend_schema(
        parameters=[
            OpenApiParameter("person", NAMED, required=True, description="Staff number, user name or name."),
            OpenApiParameter(
                "thing",
                NAMED,
                required=True,
                description="A card by number or ICCID, an agent by staff number, or the address of a page.",
            ),
        ],
        responses=WhySerializer,
    )
    def get(self, request: Request) -> Response:
        """Say why somebody sees a thing or does not."""
        query = read_filters(request, None, set(WhyForm.base_fields))
        (given,) = cleaned(WhyForm(query, asker=person_of(request)))
        return Response(WhySerializer(why(given["person"], given["thing"])).data)


class CertificateSerializer(serializers.Serializer[Any]):
    """What there is to compare with the paper; all of it is null where the certificate is not valid."""

    valid = serializers.BooleanField()
    case = serializers.IntegerField(source="found.case_id", allow_null=True, default=None)
    at = serializers.DateTimeField(source="found.at", allow_null=True, default=None)
    method = serializers.CharField(source="found.method", allow_null=True, default=None)
    iccid_end = serializers.CharField(source="found.iccid_end", allow_null=True, default=None)


class CertificateView(Report):
    """A certificate of destruction, for whoever is signed in and holds the paper."""

    @extend_schema(responses=CertificateSerializer)
    def get(self, request: Request, token: str) -> Response:
        """Say whether the token is ours and the destruction stands; of people and numbers nothing."""
        self.asked(request)
        found = verify(token)
        return Response(CertificateSerializer({"valid": found is not None, "found": found}).data)
