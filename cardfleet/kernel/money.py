"""Money: `Decimal` in CNY, one rounding rule, half up to the fen (design, invariant 5)."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models

FEN = Decimal("0.01")
ZERO = Decimal("0.00")


def to_fen(amount: Decimal | int) -> Decimal:
    """Round CNY half up to the fen."""
    return Decimal(amount).quantize(FEN, rounding=ROUND_HALF_UP)


def split(amount: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Split CNY by weights so that the parts add up to the fen; the largest remainders get the odd fen.

    All-zero weights put the whole amount on the first part.
    """
    total = sum((Decimal(weight) for weight in weights), Decimal(0))
    if not total:
        return [to_fen(amount), *[ZERO] * (len(weights) - 1)]
    whole_fen = int(to_fen(amount) / FEN)
    exact = [Decimal(whole_fen) * Decimal(weight) / total for weight in weights]
    floors = [int(part // 1) for part in exact]
    by_remainder = sorted(range(len(weights)), key=lambda index: (floors[index] - exact[index], index))
    for index in by_remainder[: whole_fen - sum(floors)]:
        floors[index] += 1
    return [Decimal(part) * FEN for part in floors]


class MoneyField(models.DecimalField):  # type: ignore[type-arg]
    """CNY with two decimals, up to 99,999,999,999.99."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 13)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)
