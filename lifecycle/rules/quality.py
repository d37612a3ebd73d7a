"""How good calls were, said by those who make them, and how carriers compare (R77, R78)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason

WORST, BEST = 1, 5
# A score up to this one names its cause.
POOR = 3
TENTH = Decimal("0.1")


@dataclass(frozen=True, kw_only=True)
class Quality:
    """What was said and seen of some cards in a time.

    `scores` opinions that sum up to `total`, `poor` of them 1 to 3; `dropped` calls of `calls` that got through.
    """

    scores: int = 0
    total: int = 0
    poor: int = 0
    dropped: int = 0
    calls: int = 0

    @property
    def mean(self) -> Decimal | None:
        """The mean score, 1.0 to 5.0; None without any."""
        return (Decimal(self.total) / self.scores).quantize(TENTH) if self.scores else None

    @property
    def poor_share(self) -> Decimal | None:
        """Poor scores in per cent; None without any."""
        return _share(self.poor, self.scores)

    @property
    def drop_rate(self) -> Decimal | None:
        """Dropped calls per 1,000 that got through; None where the records tell of no call."""
        return (Decimal(self.dropped) * 1000 / self.calls).quantize(TENTH) if self.calls else None


def lacking(score: int, cause: str) -> Iterator[Reason]:
    """Yield what an opinion leaves open: the score is 1 to 5, a poor one names its cause."""
    if not WORST <= score <= BEST:
        yield Reason(code="score_out_of_range", field="score", message=_("Give 1 (bad) to 5 (good)."), value=str(score))
    elif score <= POOR and not cause:
        yield Reason(code="cause_missing", field="cause", message=_("Say what was wrong with the calls."))
    elif score > POOR and cause:
        yield Reason(code="cause_of_good_calls", field="cause", message=_("Good calls need no cause. Correct one."))


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) * 100 / whole).quantize(TENTH) if whole else None
