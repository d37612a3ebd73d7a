"""Whose yes a top-up needs, what makes one suspicious, what looks mistyped, how much to ask for (R6, R28). Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from billing.choices import ApprovalRank, TopUpRisk
from cardfleet.kernel.money import ZERO, to_fen

RANKS = (ApprovalRank.SUPERVISOR, ApprovalRank.FINANCE)
# domain.md, section 6: face value over what was paid by more than 3 %, or arrival after more than a day.
DISCOUNT = Decimal("0.03")
SLOW_AFTER = timedelta(hours=24)
TIMES_USUAL = 10
UNUSUAL_ABOVE = Decimal(1000)
RUNWAY_WANTED = 30
FACES_OF = Decimal(10)


class Doubt(StrEnum):
    """Why an amount is asked about once more."""

    ABOVE_USUAL = "above_usual"
    VERY_LARGE = "very_large"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A balance read after an arrival, CNY, and what it should be when the money came."""

    after: Decimal
    expected: Decimal


def needed(amount: Decimal, above: Mapping[str, Decimal]) -> tuple[ApprovalRank, ...]:
    """Return whose yes an amount (CNY) needs, in order; somebody's always. `above` is the amount by level."""
    ranks = tuple(rank for rank in RANKS if rank in above and amount > above[rank])
    return ranks or RANKS[:1]


def highest(rights: Collection[str]) -> ApprovalRank | None:
    """Return the highest level a person may speak for, None for nobody's."""
    held = [rank for rank in RANKS if rank in rights]
    return held[-1] if held else None


def ahead(rank: str, ranks: Sequence[ApprovalRank]) -> tuple[ApprovalRank, ...]:
    """Return the level a top-up waits for and those of the needed ones above it, in order."""
    waiting = RANKS.index(ApprovalRank(rank))
    return tuple(one for place, one in enumerate(RANKS) if place == waiting or (place > waiting and one in ranks))


def speaks_for(own: ApprovalRank | None, ranks: Sequence[ApprovalRank]) -> ApprovalRank | None:
    """Return the highest of some levels that a person of level `own` speaks for; None when all are above them."""
    within = [one for one in ranks if own and RANKS.index(one) <= RANKS.index(own)]
    return within[-1] if within else None


def is_discounted(*, paid: Decimal, face_value: Decimal) -> bool:
    """Tell whether the face value is above what was paid by more than 3 %."""
    return face_value > paid * (1 + DISCOUNT)


def is_slow(*, paid_at: datetime, arrived_at: datetime) -> bool:
    """Tell whether money came later than a day after it was paid."""
    return arrived_at - paid_at > SLOW_AFTER


def risk(*, discounted: bool, slow: bool) -> str:
    """Return the signs of a discounted slow top-up, empty for none."""
    if discounted and slow:
        return TopUpRisk.BOTH
    if discounted:
        return TopUpRisk.DISCOUNTED
    return TopUpRisk.SLOW if slow else ""


def doubt(amount: Decimal, *, usual: Decimal | None) -> Doubt | None:
    """Return why an amount (CNY) may be a slipped dot: above ten times what is usual for the card, or very large."""
    if usual and amount > usual * TIMES_USUAL:
        return Doubt.ABOVE_USUAL
    return Doubt.VERY_LARGE if amount > UNUSUAL_ABOVE else None


def suggested(*, available: Decimal, daily_burn: Decimal | None) -> Decimal:
    """Return CNY that let the money last for thirty days, in tens as carriers sell them; nil when it does already.

    Without a known burn, what is owed.
    """
    lacking = (daily_burn or ZERO) * RUNWAY_WANTED - available
    if lacking <= ZERO:
        return ZERO
    return to_fen((lacking / FACES_OF).to_integral_value(rounding=ROUND_CEILING) * FACES_OF)


def is_shown(seen: Seen, *, face_value: Decimal) -> bool:
    """Tell whether a balance shows that a top-up came: less than half of it lacks.

    Calls reach the carrier's balance sooner than its details reach us, so that not the whole is asked for.
    """
    return seen.expected - seen.after < face_value / 2
