"""The jobs' writers. Apps above use those named here."""

from cardfleet.jobs.services.jobs import retry_refused, start_job

__all__ = ["retry_refused", "start_job"]
