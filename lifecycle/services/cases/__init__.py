"""The writers of cases: opening, steps, the log, handling, closing, watching."""

from lifecycle.services.cases.alerts import settle_case_alerts
from lifecycle.services.cases.closing import close_case
from lifecycle.services.cases.handling import assign, assign_many, escalate, escalate_many
from lifecycle.services.cases.log import attach_proof, comment, record_contact
from lifecycle.services.cases.opening import open_case, open_cases
from lifecycle.services.cases.steps import complete_step, confirm_step, reopen_step, skip_step
from lifecycle.services.cases.watching import watch_cases
from lifecycle.services.cases.writing import remember

__all__ = [
    "assign",
    "assign_many",
    "attach_proof",
    "close_case",
    "comment",
    "complete_step",
    "confirm_step",
    "escalate",
    "escalate_many",
    "open_case",
    "open_cases",
    "record_contact",
    "remember",
    "reopen_step",
    "settle_case_alerts",
    "skip_step",
    "watch_cases",
]
