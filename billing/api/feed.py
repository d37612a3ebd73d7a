"""`POST /api/v1/usage/`: calls as they happen, answered row by row."""

import binascii
from base64 import b64decode
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import parsers, status
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.services.feed import Taken, take_calls
from cardfleet.accounts.access import person_of
from cardfleet.accounts.authentication import PasswordTokenAuthentication, PersonTokenAuthentication
from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.parsers import OneMeaningJSONParser, meaning
from cardfleet.kernel.errors import BadInput, Reason

SOURCE = "live"


class SlugSerializer(serializers.Serializer[Any]):
    """The source that posts."""

    source = serializers.SlugField(max_length=40, default=SOURCE)  # type: ignore[assignment]


class RowAnswerSerializer(serializers.Serializer[Any]):
    """What became of a row, counted from 1."""

    row = serializers.IntegerField()
    status = serializers.ChoiceField(choices=("stored", "known", "refused", "skipped"))
    uid = serializers.CharField(allow_blank=True)
    code = serializers.CharField(allow_blank=True)
    column = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)


class TakenSerializer(serializers.Serializer[Any]):
    """What became of the calls; `batch` is the source's import of the day, `signals` those of failed calls."""

    batch = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]
    stored = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = serializers.IntegerField()
    skipped = serializers.IntegerField()
    signals = serializers.IntegerField()
    rows = RowAnswerSerializer(many=True)


EXAMPLE = OpenApiExample(
    "generic",
    value={
        "source": "dialler",
        "rows": [
            {
                "msisdn": "13812345678", "started_at": "2026-11-20T09:00:00+08:00", "direction": "out",
                "counterpart": "13900000001", "duration_s": 61, "answered": True, "uid": "a-1",
            }
        ],
    },
    request_only=True,
)  # fmt: skip


class FeedMixin(APIView):
    """Takes posted calls, beside the list of calls."""

    parser_classes = (OneMeaningJSONParser, parsers.FormParser)
    authentication_classes = (PersonTokenAuthentication, SessionAuthentication, PasswordTokenAuthentication)

    @extend_schema(
        request={"application/json": OpenApiTypes.OBJECT, "application/x-www-form-urlencoded": OpenApiTypes.OBJECT},
        responses={200: TakenSerializer},
        parameters=[OpenApiParameter("source", str, description="The source that posts, unless the body says.")],
        examples=[EXAMPLE],
    )
    def create(self, request: Request) -> Response:
        """Store calls: at most 1,000 under `rows`, a list, one call, or what FreeSWITCH's mod_json_cdr posts.

        The names are the generic CSV's. The same calls again are known and add nothing. A source with a mapping reads
        its own platform's shape.
        """
        body = _body(request.data)
        named = body.get("source") if isinstance(body, dict) and isinstance(body.get("source"), str) else None
        asked = SlugSerializer(data={"source": request.query_params.get("source") or named or SOURCE})
        asked.is_valid(raise_exception=True)
        taken = take_calls(slug=asked.validated_data["source"], body=body, actor=person_of(request), now=timezone.now())
        return Response(TakenSerializer(_shown(taken)).data, status=status.HTTP_200_OK)


def _body(data: Any) -> Any:
    """Return the posted JSON; mod_json_cdr posts it as the form field `cdr`, as it is or in base64."""
    if not isinstance(data, QueryDict):
        return data
    text = data.get("cdr", "").strip()
    try:
        return meaning(text if text.startswith(("{", "[")) else b64decode(text, validate=True).decode())
    except (ValueError, binascii.Error) as error:
        reason = Reason(code="not_json", field="cdr", message=_("This is no JSON. Send the call as JSON."))
        raise BadInput(reasons=[reason]) from error


def _shown(taken: Taken) -> dict[str, Any]:
    counts = {status: taken.count(status) for status in ("stored", "known", "refused", "skipped")}
    return {
        "batch": taken.batch.pk,
        "source": taken.batch.source.slug,
        "signals": taken.signals,
        "rows": taken.rows,
        **counts,
    }
