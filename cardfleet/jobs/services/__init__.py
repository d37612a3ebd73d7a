"""The jobs' writers. Apps above use those named here."""

from cardfleet.jobs.services.items import mark_undone, settle, store_items
from cardfleet.jobs.services.jobs import forget_rows, retry_refused, start_job
from cardfleet.jobs.services.undoing import start_undo

__all__ = [
    "forget_rows",
    "mark_undone",
    "retry_refused",
    "settle",
    "start_job",
    "start_undo",
    "store_items",
]
