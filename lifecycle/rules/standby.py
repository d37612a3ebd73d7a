"""How many spares a carrier's cards need (R55; mockups: the board)."""

from collections.abc import Iterable
from decimal import Decimal
from math import ceil

DAYS = 30
MARGIN = 1.5


def standby_target(stops: Iterable[int]) -> int:
    """Return how many ready spares are enough: one and a half times the most stops of any day, `stops` by day."""
    return ceil(max(stops, default=0) * MARGIN)


def pool_target(stops: Iterable[int], *, in_service: int, share: Decimal | None) -> int:
    """Return how many ready spares are wanted: the share that is set, in per cent of the cards in service, else what
    the stops ask for.
    """
    return standby_target(stops) if share is None else ceil(in_service * share / 100)
