"""The lists of lifecycle: cards, alerts, cases, leavers, the real-name matrix."""

from lifecycle.lists.alerts import ALERTS
from lifecycle.lists.cases import CASES
from lifecycle.lists.fleet import FLEET
from lifecycle.lists.real_name import REAL_NAME

__all__ = ["ALERTS", "CASES", "FLEET", "REAL_NAME"]
