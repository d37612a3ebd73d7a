"""How far a cap was used. Pure."""

from decimal import Decimal


def cap_use(calls: int, cap: int | None) -> Decimal | None:
    """Return the share of a day's cap that was used, in per cent with one digit; None without a cap."""
    return (Decimal(calls) * 100 / cap).quantize(Decimal("0.1")) if cap else None
