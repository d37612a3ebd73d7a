"""When a number is looked at again: by its industry's interval, or on the day somebody chose (R99, R101)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason

LATEST = timedelta(days=731)


@dataclass(frozen=True, kw_only=True)
class ReviewFacts:
    """A number: since when it is in use, when it was reviewed last, and the day chosen then; None where there is none.

    `every_days` is its industry's interval, None where the industry asks for none.
    """

    since: date
    reviewed_on: date | None
    chosen: date | None
    every_days: int | None


def review_on(facts: ReviewFacts) -> date | None:
    """Return the day of the next review: the earlier of the day chosen and the industry's; None where none is asked."""
    start = facts.reviewed_on or facts.since
    by_industry = start + timedelta(days=facts.every_days) if facts.every_days else None
    return min((day for day in (facts.chosen, by_industry) if day), default=None)


def unfit(today: date, on: date | None) -> Iterator[Reason]:
    """Yield that a number that is kept is looked at again, within two years."""
    if on is None or not today < on <= today + LATEST:
        yield Reason(
            code="review_unfit",
            message=_("A number that is kept is looked at again: choose a day within two years."),
            field="next_review_on",
        )
