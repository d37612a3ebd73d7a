"""The lists of lifecycle: cards and alerts."""

from lifecycle.lists.alerts import ALERTS
from lifecycle.lists.fleet import FLEET

__all__ = ["ALERTS", "FLEET"]
