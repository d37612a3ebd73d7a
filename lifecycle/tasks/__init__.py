"""What workers do for lifecycle: by the clock, and because somebody waits for it."""

from lifecycle.tasks.clock import (
    digest,
    end_carrier_notices,
    escalate,
    reckon_numbers,
    watch_clocks,
    watch_failed_calls,
)
from lifecycle.tasks.jobs import ASSESSMENT, REPLAY

__all__ = [
    "ASSESSMENT",
    "REPLAY",
    "digest",
    "end_carrier_notices",
    "escalate",
    "reckon_numbers",
    "watch_clocks",
    "watch_failed_calls",
]
