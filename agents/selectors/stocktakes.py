"""Counts as they stand (R7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from agents.models import StockTake, StockTakeRow
from agents.selectors.custody import IN_HANDS
from cards.choices import CustodyState
from cards.querysets import CardQuerySet
from cards.rules.stock import STORED

DIFFERENT = Q(card__isnull=True) | Q(is_expected=False) | Q(found_at__isnull=True)
HELD_AND_THERE = IN_HANDS | {CustodyState.FAULTY}


@dataclass(frozen=True, kw_only=True)
class TakeCounts:
    """How many cards were expected and found there, and the differences by kind; `unsettled` of them are open."""

    expected: int
    found: int
    missing: int
    misplaced: int
    unknown: int
    unsettled: int

    @property
    def percent(self) -> int:
        """How much of what was expected is found, in hundredths."""
        return round(100 * self.found / self.expected) if self.expected else 100


def expected_cards(take: StockTake, cards: CardQuerySet) -> CardQuerySet:
    """Return the cards among those given that ought to be where the count is: at the place and its slots, or held."""
    if take.agent:
        return cards.filter(holder=take.agent.user_id, custody_state__in=HELD_AND_THERE)
    assert take.location is not None  # noqa: S101 - the database holds one of the two
    names = [take.location.name, *take.location.slots.values_list("name", flat=True)]
    return cards.filter(location__in=names, custody_state__in=STORED, holder=None)


def counts(take: StockTake) -> TakeCounts:
    """Return the figures of a count, in one query."""
    of_card, found = Q(card__isnull=False), Q(found_at__isnull=False)
    row = take.rows.aggregate(
        expected=Count("pk", filter=Q(is_expected=True)),
        found=Count("pk", filter=Q(is_expected=True) & found),
        missing=Count("pk", filter=Q(is_expected=True) & ~found),
        misplaced=Count("pk", filter=of_card & Q(is_expected=False)),
        unknown=Count("pk", filter=~of_card),
        unsettled=Count("pk", filter=DIFFERENT & Q(settled_at__isnull=True)),
    )
    return TakeCounts(**row)


def differences(take: StockTake) -> "QuerySet[StockTakeRow]":
    """Return the rows that differ, those that are open first: found where they do not belong, of no card, not found."""
    related = ("card__carrier", "card__holder", "card__team", "found_by", "settled_by")
    return (
        take.rows.filter(DIFFERENT)
        .select_related(*related)
        .order_by("settled_at", "is_expected", "card__location", "pk")
    )


def latest_found(take: StockTake, *, limit: int) -> Sequence[StockTakeRow]:
    """Return what was scanned last, by whom."""
    found = take.rows.filter(found_at__isnull=False).select_related("card__carrier", "found_by")
    return list(found.order_by("-found_at", "-pk")[:limit])
