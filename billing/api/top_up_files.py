"""`/api/v1/top-ups/files/`: top-ups of many cards from a table (R28)."""

from hashlib import sha256
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import parsers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing.importers.top_ups import MOST_ROWS, read_top_ups
from billing.rules.top_ups import Doubt
from billing.services.top_ups.sheets import ASK, RECORD, SheetRow, carry_out, look_at
from cardfleet.accounts.access import acting
from cardfleet.kernel.api import serializers
from cardfleet.kernel.money import ZERO

LOOK = "look"


class SheetSerializer(serializers.Serializer[Any]):
    """A table, CSV, XLS or XLSX, with the columns 手机号 and 金额; 流水号 and 用途 where known.

    `look` only says what would be done, `ask` asks for the top-ups, `record` records them as paid and on the account.
    `sure` are the lines whose doubtful amounts are meant so. The same file records nothing twice.
    """

    file = serializers.FileField()
    what = serializers.ChoiceField(choices=(LOOK, ASK, RECORD), required=False, default=LOOK)
    sure = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=serializers.LARGEST_ID),
        required=False,
        max_length=MOST_ROWS,
        default=list,
    )


class FaultSerializer(serializers.Serializer[Any]):
    """Why nothing was done with a row."""

    code = serializers.CharField()
    message = serializers.CharField()


class SheetRowSerializer(serializers.Serializer[SheetRow]):
    """A row: its card, null where none is found, its amount and what is usual for the card, CNY.

    `doubt`: such an amount is asked about once more. `top_up` is what became of it.
    """

    line = serializers.IntegerField()
    card = serializers.IntegerField(source="card.pk", allow_null=True, default=None)
    amount = serializers.DecimalField(max_digits=11, decimal_places=2)
    usual = serializers.DecimalField(max_digits=11, decimal_places=2, allow_null=True)
    doubt = serializers.ChoiceField(choices=[(doubt.value, doubt.value) for doubt in Doubt], allow_null=True)
    fault = FaultSerializer(allow_null=True)
    top_up = serializers.IntegerField(source="request_id", allow_null=True)


class SheetRowsSerializer(serializers.Serializer[Any]):
    """The rows, each for itself; how many can be used, and what those add up to, CNY."""

    usable = serializers.IntegerField()
    total = serializers.DecimalField(max_digits=13, decimal_places=2)
    rows = SheetRowSerializer(many=True)


class SheetsMixin:
    """Takes top-ups of many cards as a file."""

    @extend_schema(request=SheetSerializer, responses=SheetRowsSerializer)
    @action(detail=False, methods=["post"], url_path="files", parser_classes=[parsers.MultiPartParser])
    def sheet(self, request: Request) -> Response:
        """Look at a file of top-ups, ask for them, or record them; each row answers for itself."""
        asked = SheetSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given, by = asked.validated_data, acting(request)
        rows = look_at(read_top_ups(given["file"], given["file"].name), **by)
        if given["what"] != LOOK:
            given["file"].seek(0)
            key = sha256(given["file"].read()).hexdigest()[:16]
            rows = carry_out(rows, what=given["what"], sure=set(given["sure"]), key=key, **by)
        usable = [row for row in rows if not row.fault]
        total = sum((row.amount for row in usable), ZERO)
        return Response(SheetRowsSerializer({"usable": len(usable), "total": total, "rows": rows}).data)
