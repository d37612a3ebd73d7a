"""Who called an agent's cards in vain and was not called back since (R115)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q

from agents.choices import ListingKind
from agents.models import Assignment, CalleeListing
from agents.selectors.callees import hash_of
from billing.choices import CallDirection
from billing.models import CallBack, UsageRecord
from cardfleet.accounts.models import User
from cards.models import Card

LOOKED_BACK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Missed:
    """A caller of one card: how often in vain, the last time, and whether the number is not to be called."""

    card: Card
    caller: str
    caller_hash: str
    times: int
    last_at: datetime
    is_refused: bool


def missed_calls(user: User, *, now: datetime) -> Sequence[Missed]:
    """Return the same of the cards in a person's hands."""
    return missed_on(Assignment.objects.open().filter(agent__user=user).select_related("card"), now=now)


def missed_on(assignments: Iterable[Assignment], *, now: datetime) -> Sequence[Missed]:
    """Return the callers of a person's accepted cards within a week, while they held them, the latest first.

    Called back is who was called from any of these cards later, or got through later, or was marked as settled. A
    fixed number of queries.
    """
    held = {one.card_id: one for one in assignments if one.accepted_at}
    rows = _unreturned(held, now=now)
    hashes = [hash_of(caller) for _card, caller, _times, _last in rows]
    settled = _settled(list(held), hashes)
    refused = set(
        CalleeListing.objects.in_force(now)
        .filter(kind=ListingKind.DO_NOT_CALL, number_hash__in=hashes)
        .values_list("number_hash", flat=True)
    )
    return [
        Missed(
            card=held[card].card, caller=caller, caller_hash=code, times=times, last_at=last, is_refused=code in refused
        )
        for (card, caller, times, last), code in zip(rows, hashes, strict=True)
        if settled.get((card, code), held[card].started_at) < last
    ]


def _unreturned(held: dict[int, Assignment], *, now: datetime) -> list[tuple[int, str, int, datetime]]:
    since = now - LOOKED_BACK
    mine = Q()
    for card, one in held.items():
        mine |= Q(card=card, started_at__gte=max(one.started_at, since))
    if not mine:
        return []
    later = UsageRecord.objects.filter(
        Q(direction=CallDirection.OUT) | Q(answered=True),
        card__in=list(held),
        started_at__gt=OuterRef("started_at"),
        counterpart=OuterRef("counterpart"),
    )
    inbound = UsageRecord.objects.filter(mine, direction=CallDirection.IN, answered=False).exclude(counterpart="")
    missed = inbound.filter(~Exists(later)).values("card_id", "counterpart")
    found = missed.annotate(times=Count("uid"), last=Max("started_at")).order_by("-last")
    return list(found.values_list("card_id", "counterpart", "times", "last"))


def _settled(cards: Sequence[int], hashes: Sequence[str]) -> dict[tuple[int, str], datetime]:
    marks = CallBack.objects.filter(card__in=cards, caller_hash__in=hashes).values("card_id", "caller_hash")
    return {(row["card_id"], row["caller_hash"]): row["last"] for row in marks.annotate(last=Max("at")).order_by()}
