"""Why a carrier's balance is not ours: which known sums add up to what lies between them (R29)."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import combinations

from cardfleet.kernel.money import ZERO


def explained_by(difference: Decimal, parts: Mapping[str, Decimal]) -> frozenset[str] | None:
    """Return the fewest parts (CNY by name) that add up to a difference to the fen, None where none do.

    No part where there is no difference.
    """
    known = {name: amount for name, amount in parts.items() if amount}
    for count in range(len(known) + 1):
        for names in combinations(known, count):
            if sum((known[name] for name in names), ZERO) == difference:
                return frozenset(names)
    return None
