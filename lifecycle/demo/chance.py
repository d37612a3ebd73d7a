"""Chance that repeats itself: the same for the same words."""

from random import Random


def dice(*words: object) -> Random:
    """Return a source of chance named by some words; nothing secret is drawn from it."""
    return Random(" ".join(map(str, words)))  # noqa: S311 - invented data
