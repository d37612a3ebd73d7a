"""The lists of lifecycle: cards, alerts, cases and leavers."""

from lifecycle.lists.alerts import ALERTS
from lifecycle.lists.cases import CASES
from lifecycle.lists.fleet import FLEET
from lifecycle.lists.leavers import LEAVERS

__all__ = ["ALERTS", "CASES", "FLEET", "LEAVERS"]
