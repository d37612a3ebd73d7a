"""Calling a receiver, outside any transaction and without the database, so that many can be called at once."""

from dataclasses import dataclass
from time import perf_counter

from django.conf import settings

from cardfleet.kernel import outgoing
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.outgoing import Call, Limits
from cardfleet.webhooks.rules.signing import signed, without_secrets

LIMITS = Limits(connect_s=5, silence_s=10, all_s=10, most_bytes=1 << 16)
KEPT_CHARACTERS = 500


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What is sent where."""

    address: str
    secrets: list[str]
    event_id: str
    timestamp: int
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a call: the status and the beginning of the answer; without a status, the code of the failure."""

    status: int | None
    ms: int
    answer: str

    @property
    def ok(self) -> bool:
        """Whether the receiver took it. A redirect is no yes: it is not followed."""
        return self.status is not None and 200 <= self.status < 300


def send(parcel: Parcel) -> Outcome:
    """Call the receiver and return what came of it."""
    headers = signed(parcel.secrets, event_id=parcel.event_id, timestamp=parcel.timestamp, body=parcel.body)
    call = Call(
        url=parcel.address,
        method="POST",
        headers={"Content-Type": "application/json", "Accept-Encoding": "identity", **headers},
        body=parcel.body,
    )
    began = perf_counter()
    try:
        answer = outgoing.send(call, allowed=settings.OUTGOING_ALLOWED_HOSTS, limits=LIMITS)
    except Refusal as failure:
        return Outcome(status=None, ms=_ms_since(began), answer=failure.code)
    said = without_secrets(answer.body.decode("utf-8", "replace"), parcel.secrets).replace("\x00", "")
    return Outcome(status=answer.status, ms=_ms_since(began), answer=said[:KEPT_CHARACTERS])


def _ms_since(began: float) -> int:
    return round((perf_counter() - began) * 1000)
