"""VAT within amounts that include it: net by a rate, tax as what is left (domain.md, section 6)."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate, pairwise

from cardfleet.kernel.money import ZERO, to_fen


def net_of(gross: Decimal, per_cent: Decimal) -> Decimal:
    """Return CNY without the tax that is in it, to the fen."""
    return to_fen(gross * 100 / (100 + per_cent))


def nets_of(amounts: Sequence[Decimal], per_cent: Decimal) -> list[Decimal]:
    """Return amounts without the tax in them, which add up to the net of their sum.

    What is rounded is the running sum, so each is within a fen of its own net.
    """
    sums = accumulate(amounts, initial=ZERO)
    return [after - before for before, after in pairwise(net_of(each, per_cent) for each in sums)]
