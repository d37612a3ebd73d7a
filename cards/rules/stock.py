"""What lies in stock, and how much of it idles (R95)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.choices import CustodyState

# Where a card is in nobody's hands and not gone.
STORED = frozenset({CustodyState.IN_STOCK, CustodyState.SPARE, CustodyState.RETURNED, CustodyState.FAULTY})
# Illustrative: no carrier publishes a share from which it speaks of hoarding.
IDLE_SHARE, IDLE_DAYS = 0.3, 60


@dataclass(frozen=True, kw_only=True)
class IdleStock:
    """Cards in service that lie in stock or among the spares, those there for IDLE_DAYS, of all cards in service."""

    stored: int
    long_stored: int
    in_service: int

    @property
    def share(self) -> float:
        """The part of the fleet in service that nobody calls with."""
        return self.stored / self.in_service if self.in_service else 0.0

    @property
    def percent(self) -> int:
        """The share as a whole number of hundredths."""
        return round(self.share * 100)

    @property
    def is_hoard(self) -> bool:
        """Whether so much lies idle that it looks like hoarding."""
        return self.share > IDLE_SHARE


def no_room(name: str, capacity: int | None, lying: int, coming: int) -> Reason | None:
    """Return why so many cards do not fit, or None."""
    if capacity is None or lying + coming <= capacity:
        return None
    message = _("{name} has room for {capacity} cards and holds {lying}; {coming} more do not fit.")
    return Reason(
        code="no_room",
        message=format_lazy(message, name=name, capacity=capacity, lying=lying, coming=coming),
        clears=_("Choose another place, or correct the room it has."),
        field="location",
    )


def numbered(name: str, count: int) -> Sequence[str]:
    """Return the names of the slots of a place: A-01 to A-12."""
    return [f"{name}-{number:0{max(2, len(str(count)))}}" for number in range(1, count + 1)]
