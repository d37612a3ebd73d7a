"""The lists of lifecycle: cards, alerts and cases."""

from lifecycle.lists.alerts import ALERTS
from lifecycle.lists.cases import CASES
from lifecycle.lists.fleet import FLEET

__all__ = ["ALERTS", "CASES", "FLEET"]
