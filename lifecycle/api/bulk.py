"""`POST /api/v1/cards/bulk/`: one action on many cards, answered with its job."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cardfleet.accounts.access import person_of
from cardfleet.jobs.api.idempotency import IdempotentMixin
from cardfleet.jobs.api.jobs import JobSerializer
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.permissions import HasRight
from cards.models import Card
from lifecycle.bulk.registry import actions
from lifecycle.bulk.selection import MOST, Selection
from lifecycle.bulk.starting import allowed_action, ask_bulk


class BulkSerializer(serializers.Serializer[Any]):
    """An action on cards by `ids` or natural keys, or on all that match `filter`, the fleet list's query string.

    An empty `filter` is all. `expected` is how many cards it is believed to match: another number is refused. `params`
    are the fields of the action's form.
    """

    action = serializers.ChoiceField(choices=[(action.name, action.name) for action in actions()])
    ids = serializers.KeysField(Card, required=False, max_length=MOST)
    filter = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    expected = serializers.IntegerField(required=False, min_value=0, max_value=MOST)
    params = serializers.DictField(required=False, default=dict)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse both or neither of `ids` and `filter`."""
        if ("ids" in attrs) == ("filter" in attrs):
            raise serializers.ValidationError(_("Give either ids or a filter."), code="ids_or_filter")
        return attrs


class BulkView(IdempotentMixin, APIView):
    """One action on many cards."""

    permission_classes = (HasRight,)
    right = "lifecycle.view_fleet"

    @extend_schema(request=BulkSerializer, responses={202: JobSerializer})
    def post(self, request: Request) -> Response:
        """Start the job; its rows say what became of each card, `jobs/{id}/undo/` takes it back where it can be."""
        read = BulkSerializer(data=request.data, context={"request": request})
        read.is_valid(raise_exception=True)
        given, person = read.validated_data, person_of(request)
        selection = Selection(
            ids=list(dict.fromkeys(given.get("ids", ()))), filter=given.get("filter"), shown=given.get("expected")
        )
        job = ask_bulk(
            action=allowed_action(given["action"], person),
            selection=selection,
            given=given["params"],
            actor=person,
            now=timezone.now(),
        )
        enqueue(job)
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)
