"""Draws and probabilities the standard library does not have."""

import math
from random import Random

LARGE = 30.0
MANY = 4.0


def poisson(rng: Random, mean: float) -> int:
    """Return a Poisson draw; a rounded normal one where the mean is large."""
    if mean <= 0:
        return 0
    if mean > LARGE:
        return max(round(rng.gauss(mean, math.sqrt(mean))), 0)
    left, count = math.exp(-mean), 0
    product = rng.random()
    while product > left:
        product *= rng.random()
        count += 1
    return count


def binomial(rng: Random, tries: int, share: float) -> int:
    """Return how many of some tries succeed; a rounded normal draw where they are many."""
    spread = tries * share * (1 - share)
    if spread > MANY:
        return min(max(round(rng.gauss(tries * share, math.sqrt(spread))), 0), tries)
    return sum(rng.random() < share for _ in range(tries))


def above(limit: float, mean: float, spread: float) -> float:
    """Return the probability that a lognormal value (`mean` its median, `spread` its log deviation) is at a limit."""
    if mean <= 0:
        return 0.0
    return 0.5 * math.erfc(math.log(limit / mean) / (spread * math.sqrt(2)))


def at_least(count: int, mean: float) -> float:
    """Return the probability that a Poisson value is at least `count`."""
    if count <= 0:
        return 1.0
    term = total = math.exp(-mean)
    for number in range(1, count):
        term *= mean / number
        total += term
    return max(1.0 - total, 0.0)


def any_of(chances: list[float]) -> float:
    """Return the probability that at least one of independent things happens."""
    calm = 1.0
    for chance in chances:
        calm *= 1.0 - chance
    return 1.0 - calm
