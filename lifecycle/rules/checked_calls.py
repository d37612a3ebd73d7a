"""How a checked call is marked, and when use outside the calling hours is flagged (R58, R59, R60, R112). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason

BEST = 5
PER_MARK, PER_ANSWER = 4, 20
GOOD = 80
# Illustrative: no source says how much use out of hours is private. Both must be reached.
OUTSIDE_CALLS, OUTSIDE_SHARE = 10, 5


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What was heard of a call: courtesy and accuracy 1 to 5, and three things that must be."""

    courtesy: int
    accuracy: int
    no_pressure: bool
    identity_stated: bool
    opt_out_offered: bool

    @property
    def points(self) -> int:
        """Up to 20 for each of the five: 100 at best."""
        answers = sum((self.no_pressure, self.identity_stated, self.opt_out_offered))
        return (self.courtesy + self.accuracy) * PER_MARK + answers * PER_ANSWER

    @property
    def is_faulty(self) -> bool:
        """Whether something was wrong that has to be named."""
        lawful = self.no_pressure and self.identity_stated and self.opt_out_offered
        return not lawful or min(self.courtesy, self.accuracy) < BEST - 2


def lacking(heard: Heard, *, category: str, satisfaction: int | None, refused: bool, number: str) -> Iterator[Reason]:
    """Yield what a check leaves open."""
    for field, mark in (("courtesy", heard.courtesy), ("accuracy", heard.accuracy), ("satisfaction", satisfaction)):
        if mark is not None and not 1 <= mark <= BEST:
            yield Reason(code="mark_range", field=field, message=_("Give 1 (bad) to 5 (good)."), value=str(mark))
    if heard.is_faulty and not category:
        yield Reason(code="category_missing", field="category", message=_("Say what was wrong."))
    if refused and not number.strip():
        yield Reason(
            code="number_missing",
            field="number",
            message=_("Give the number of the person who refused, so that nobody calls it again."),
        )


def is_used_privately(*, calls: int, outside: int) -> bool:
    """Tell whether so many of an agent's calls lay outside the calling hours that somebody should ask why."""
    return outside >= OUTSIDE_CALLS and outside * 100 >= calls * OUTSIDE_SHARE
