"""The jobs' writers. Apps above use those named here."""

from cardfleet.jobs.services.jobs import forget_rows, retry_refused, start_job

__all__ = ["forget_rows", "retry_refused", "start_job"]
