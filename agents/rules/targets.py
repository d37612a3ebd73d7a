"""How a target is split and whether its parts add up (R69). Pure."""

from collections.abc import Iterable, Sequence


def difference(value: int | None, parts: Iterable[int | None]) -> int | None:
    """Return by how much the parts exceed a target (negative: fall short); None where either is not set."""
    known = [part for part in parts if part is not None]
    return None if value is None or not known else sum(known) - value


def split_whole(total: int, weights: Sequence[int]) -> list[int]:
    """Split a whole number by weights so that the parts add up to it; what is left over goes to the first ones.

    Without any weight nothing is given to anybody.
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    rest = total - sum(parts)
    heaviest = sorted(
        (at for at, weight in enumerate(weights) if weight), key=lambda at: -(total * weights[at] % whole)
    )
    for at in heaviest[:rest]:
        parts[at] += 1
    return parts
