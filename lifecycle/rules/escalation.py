"""Which steps an alert takes that nobody sees to. Pure."""

from collections.abc import Sequence
from itertools import pairwise

from cardfleet.accounts.choices import Role
from cards.choices import Severity

# Severity, step, hours, role: what a new installation begins with.
DEFAULT_STEPS: Sequence[tuple[Severity, int, int, Role]] = (
    (Severity.CRITICAL, 1, 2, Role.COMPLIANCE),
    (Severity.CRITICAL, 2, 6, Role.ADMIN),
    (Severity.HIGH, 1, 8, Role.COMPLIANCE),
    (Severity.HIGH, 2, 24, Role.ADMIN),
    (Severity.WARN, 1, 72, Role.COMPLIANCE),
)


def is_in_order(hours: Sequence[int | None]) -> bool:
    """Whether each step that is in use comes later than the one below it."""
    used = [hour for hour in hours if hour is not None]
    return all(earlier < later for earlier, later in pairwise(used))
