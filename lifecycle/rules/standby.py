"""How many spares a carrier's cards need (R55; mockups: the board)."""

from collections.abc import Iterable
from math import ceil

DAYS = 30
MARGIN = 1.5


def standby_target(stops: Iterable[int]) -> int:
    """Return how many ready spares are enough: one and a half times the most stops of any day, `stops` by day."""
    return ceil(max(stops, default=0) * MARGIN)
