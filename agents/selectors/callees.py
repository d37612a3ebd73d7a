"""Whether a number may be called by what its owner said, and what the lists hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q, QuerySet

from agents.choices import ListingKind
from agents.models import CalleeListing
from agents.rules.callees import CalleeStanding, read_callee, standing
from cardfleet.kernel.compiled import rows_of, words_of
from cardfleet.kernel.crypto import fingerprint
from cardfleet.kernel.errors import BadInput
from cardfleet.kernel.reading import Unreadable

LATEST = 20
SOME_TIME, SOME_HASH = datetime(2000, 1, 1, tzinfo=UTC), "hash"


@dataclass(frozen=True)
class ListCount:
    """How many entries of a kind are in force, how many of those without a proof, how many have ended, and when the
    last was recorded.
    """

    kind: ListingKind
    in_force: int
    unproven: int
    ended: int
    latest_at: datetime | None


def read_number(text: str, *, field: str = "number") -> str:
    """Return a number as call records hold it. BadInput when it is none; the sentence never repeats it."""
    try:
        return read_callee(text)
    except Unreadable as error:
        raise BadInput(reasons=[error.as_reason(field=field)]) from error


def hash_of(number: str) -> str:
    """Return the hash by which a normalised number is found."""
    return fingerprint(f"callee:{number}")


def standing_of(number: str, purpose: str, on: datetime) -> CalleeStanding:
    """Return what holds for a normalised number and a purpose at a moment, in one query."""
    return standing((Held(*row) for row in rows_of(held_words(), {"hash": hash_of(number), "on": on})), purpose)


class Held(NamedTuple):
    """What was said and holds, as rules read it."""

    kind: str
    purpose: str
    expires_at: datetime | None = None


@cache
def held_words() -> str:
    """Return the statement of what holds for the number with the hash `%(hash)s` at `%(on)s`: kind, purpose, end."""
    held = CalleeListing.objects.in_force(SOME_TIME).filter(number_hash=SOME_HASH).order_by()
    return words_of(held.values_list("kind", "purpose", "expires_at"), {SOME_TIME: "on", SOME_HASH: "hash"})


def listings_of(number: str) -> Sequence[CalleeListing]:
    """Return all entries of a normalised number, the newest first."""
    found = CalleeListing.objects.filter(number_hash=hash_of(number))
    return list(found.select_related("recorded_by", "proof").order_by("-id"))


def latest_listings(kind: str) -> Sequence[CalleeListing]:
    """Return the entries of a kind that were recorded last."""
    return list(CalleeListing.objects.filter(kind=kind).select_related("recorded_by", "proof").order_by("-id")[:LATEST])


def shown_listings() -> QuerySet[CalleeListing]:
    """Return the entries that may be looked at without asking for a number: of each kind those recorded last (R40)."""
    shown = Q()
    for kind in ListingKind.values:
        shown |= Q(pk__in=CalleeListing.objects.filter(kind=kind).order_by("-id").values("pk")[:LATEST])
    return CalleeListing.objects.filter(shown)


def list_counts(now: datetime) -> Sequence[ListCount]:
    """Return the count of each kind, in one query."""
    over = Q(ended_at__isnull=False) | Q(expires_at__lte=now)
    rows = CalleeListing.objects.order_by().values("kind")
    found = rows.annotate(
        in_force=Count("pk", filter=~over),
        unproven=Count("pk", filter=~over & Q(proof__isnull=True)),
        over=Count("pk", filter=over),
        latest=Max("recorded_at"),
    )
    none = {"in_force": 0, "unproven": 0, "over": 0, "latest": None}
    known: dict[str, Mapping[str, Any]] = {row["kind"]: row for row in found}
    counts = [(kind, known.get(kind, none)) for kind in ListingKind]
    return [ListCount(kind, row["in_force"], row["unproven"], row["over"], row["latest"]) for kind, row in counts]
