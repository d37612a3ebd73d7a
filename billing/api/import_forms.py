"""What `/api/v1/usage/imports/` is given and answers beside the imports themselves (R13, R82)."""

from datetime import datetime
from typing import Any

from billing.choices import CallDirection, DurationSpelling, FeeUnit, RejectCode, SourceRole, TimeSpelling, UsageValue
from billing.forms.usage_mapping import MappingForm
from billing.models import UsageBatch
from billing.services.usage_requests import recognised, sample_of
from cardfleet.kernel.api import serializers
from cardfleet.kernel.errors import BadInput

MOST_COLUMNS, MOST_ROWS = 200, 500
CELL = serializers.CharField(max_length=1000, allow_blank=True, trim_whitespace=False)


class SampleRowSerializer(serializers.Serializer[Any]):
    """A row of the file: its line, and what stands in it."""

    line = serializers.IntegerField()
    cells = serializers.ListField(child=serializers.CharField())


class ReadingSerializer(serializers.Serializer[Any]):
    """How a file would be read: its `format`, empty while it is none that is known, and its first rows."""

    format = serializers.CharField()
    card = serializers.CharField()
    first_rows = SampleRowSerializer(many=True)


class ReadAsSerializer(serializers.Serializer[Any]):
    """The own number of a detail that names none, and the format or mapping by name; empty: it is recognised."""

    card = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    format = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")


class UsageColumnSerializer(serializers.Serializer[Any]):
    """What a column holds; `place` counts from 0."""

    place = serializers.IntegerField(min_value=0, max_value=MOST_COLUMNS)
    holds = serializers.ChoiceField(choices=UsageValue.choices)


class MappingSerializer(serializers.Serializer[Any]):
    """What the columns of a file hold, and how values are written.

    `header` is the line of the column names, 0 for a file without; `direction` is for a file in which no column tells
    it. `out_words` and `in_words` are further words for the directions, with commas between.
    """

    name = serializers.CharField(max_length=40)
    role = serializers.ChoiceField(choices=SourceRole.choices)
    header = serializers.IntegerField(min_value=0, max_value=1000)
    columns = UsageColumnSerializer(many=True, allow_empty=False, max_length=MOST_COLUMNS)  # type: ignore[call-arg]
    card = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    times = serializers.ChoiceField(choices=TimeSpelling.choices, default=TimeSpelling.PLAIN)
    durations = serializers.ChoiceField(choices=DurationSpelling.choices, default=DurationSpelling.SECONDS)
    fees = serializers.ChoiceField(choices=FeeUnit.choices, default=FeeUnit.YUAN)
    direction = serializers.ChoiceField(choices=CallDirection.choices, required=False, allow_blank=True, default="")
    out_words = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    in_words = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class RepairedRowSerializer(serializers.Serializer[Any]):
    """A refused row by its id, with all of its cells as they should have been."""

    id = serializers.IntegerField(min_value=1, max_value=serializers.LARGEST_ID)
    cells = serializers.ListField(child=CELL, max_length=MOST_COLUMNS)


class RepairSerializer(serializers.Serializer[Any]):
    """Refused rows put right; those that are as they were are passed over."""

    rows = RepairedRowSerializer(many=True, allow_empty=False, max_length=MOST_ROWS)  # type: ignore[call-arg]


class AgainSerializer(serializers.Serializer[Any]):
    """The reason for which rows were refused."""

    code = serializers.ChoiceField(choices=RejectCode.choices)


class CorrectedSerializer(serializers.Serializer[Any]):
    """The file of the refused rows, corrected."""

    file = serializers.FileField()


def reading_of(batch: UsageBatch, *, now: datetime) -> dict[str, Any]:
    """Return how a batch would be read, as `ReadingSerializer` tells it."""
    try:
        known = recognised(batch, now=now).format
    except BadInput:
        known = ""
    rows = [{"line": line, "cells": [str(cell or "") for cell in cells]} for line, cells in batch.sample]
    return {"format": known, "card": batch.own_number, "first_rows": rows}


def mapping_form(batch: UsageBatch, given: dict[str, Any], *, now: datetime) -> MappingForm:
    """Return the page's form with what was given, which says what lacks and what stands twice."""
    places = {f"c{column['place']}": column["holds"] for column in given["columns"]}
    rows = sample_of(batch, now=now).rows
    return MappingForm({**given, "own_number": given["card"], **places}, rows=rows, header=given["header"])
