"""What the actions of `/api/v1/cards/` are given and answer."""

from typing import Any

from django.utils import timezone

from agents.models import Agent
from agents.services.assignments import RETURN_PLACES
from cardfleet.kernel.api import serializers
from cardfleet.kernel.errors import Reason
from cards.choices import ChangeSource, Condition, CustodyState, Purpose, ServiceState, StopReason, WhyReissued
from lifecycle.choices import DayKind
from lifecycle.rules.allowance import Allowance, Cap
from lifecycle.rules.days import DayType

PLACES = [(place.value, place.label) for place in RETURN_PLACES]


class HandoutSerializer(serializers.Serializer[Any]):
    """Who gets the card, until when, with a note; `started_at` where the hand-out is recorded late."""

    agent = serializers.KeyField(Agent)
    started_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    due_back_on = serializers.DateField(required=False, allow_null=True, default=None)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)


class TransferSerializer(serializers.Serializer[Any]):
    """Who gets the card next, with a note."""

    agent = serializers.KeyField(Agent)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)


class ReturnSerializer(serializers.Serializer[Any]):
    """Where the card goes and how it looks; `ended_at` where the return is recorded late."""

    to = serializers.ChoiceField(choices=PLACES, default=CustodyState.IN_STOCK)
    condition = serializers.ChoiceField(choices=Condition.choices, default=Condition.GOOD)
    ended_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)


# What nobody says of what they know themselves.
BY_ITSELF = (ChangeSource.IMPORT, ChangeSource.CARRIER, ChangeSource.TAKEOVER, ChangeSource.SYSTEM)


class TransitionSerializer(serializers.Serializer[Any]):
    """The state the carrier put the card into, why, since when (now), and how that is known."""

    to = serializers.ChoiceField(choices=ServiceState.choices)
    reason = serializers.ChoiceField(choices=StopReason.choices, required=False, allow_blank=True, default="")
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)
    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices=[source.value for source in ChangeSource if source not in BY_ITSELF],
        default=ChangeSource.PERSON,
    )
    at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class ReissueSerializer(serializers.Serializer[Any]):
    """The new SIM, why, and since when (now)."""

    iccid = serializers.CharField(max_length=30)
    imsi = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    why = serializers.ChoiceField(choices=WhyReissued.choices)
    in_hand = serializers.BooleanField(default=False, help_text="The old SIM is with us, to be destroyed.")
    at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)


class TagsSerializer(serializers.Serializer[Any]):
    """The names of tags to put on the card, and of those to take off it."""

    add = serializers.ListField(child=serializers.CharField(max_length=40), max_length=50, default=list)
    remove = serializers.ListField(child=serializers.CharField(max_length=40), max_length=50, default=list)


class CorrectionSerializer(serializers.Serializer[Any]):
    """What was wrong with the last state that was recorded."""

    reason = serializers.CharField(max_length=200)


class ReasonSerializer(serializers.Serializer[Reason]):
    """One unmet condition and what would clear it."""

    code = serializers.CharField()
    message = serializers.CharField()
    clears = serializers.CharField()


class CapSerializer(serializers.Serializer[Cap]):
    """A cap on calls; `illustrative` says that its limit is not established."""

    used = serializers.IntegerField()
    limit = serializers.IntegerField()
    left = serializers.IntegerField()
    illustrative = serializers.BooleanField()


class CalleeCapsSerializer(serializers.Serializer[Any]):
    """What holds for the callee asked about; `day` and `month` count the calls of all cards, 24 hours and 30 days."""

    do_not_call = serializers.BooleanField()
    consent = serializers.BooleanField()
    day = CapSerializer(allow_null=True)
    month = CapSerializer(allow_null=True)


class CallSerializer(serializers.Serializer[Any]):
    """The call asked about."""

    callee = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    purpose = serializers.ChoiceField(choices=Purpose.choices, required=False)


class DaySerializer(serializers.Serializer[DayType]):
    """What kind of day it is; one of a year without a calendar goes by its weekday (`is_known` false)."""

    kind = serializers.ChoiceField(choices=DayKind.choices)
    name = serializers.CharField()
    is_known = serializers.BooleanField()


class AllowanceSerializer(serializers.Serializer[Any]):
    """Whether the card may call now. Counts come from call lists and may lag; a cap without a rule is null."""

    allowed = serializers.BooleanField()
    reasons = ReasonSerializer(many=True)
    today = CapSerializer(allow_null=True)
    hour = CapSerializer(allow_null=True)
    day = DaySerializer()
    hours = serializers.CharField(help_text="Calling hours as 09:00-12:00, 14:00-20:00; empty for none.")
    runs_out_at = serializers.DateTimeField(allow_null=True)
    callee = CalleeCapsSerializer(allow_null=True, help_text="Null where no callee was asked about.")

    def to_representation(self, instance: Allowance) -> dict[str, Any]:
        """Return the same without asking field by field: a dialler waits for it."""
        callee, day = instance.callee, instance.day
        return {
            "allowed": instance.allowed,
            "reasons": [
                {"code": reason.code, "message": str(reason.message), "clears": str(reason.clears)}
                for reason in instance.reasons
            ],
            "today": _cap(instance.today),
            "hour": _cap(instance.hour),
            "day": {"kind": day.kind, "name": day.name, "is_known": day.is_known},
            "hours": instance.hours,
            "runs_out_at": instance.runs_out_at and timezone.localtime(instance.runs_out_at),
            "callee": callee
            and {
                "do_not_call": callee.do_not_call,
                "consent": callee.consent,
                "day": _cap(callee.day),
                "month": _cap(callee.month),
            },
        }


def _cap(cap: Cap | None) -> dict[str, Any] | None:
    if cap is None:
        return None
    return {"used": cap.used, "limit": cap.limit, "left": cap.left, "illustrative": cap.illustrative}
