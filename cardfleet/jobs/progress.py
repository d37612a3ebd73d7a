"""How far a job is, told while it runs, on a connection of its own.

The work of a job is one transaction or many; nobody outside sees inside it. So a thread writes the numbers and the
sign of life beside it every second, also while one long SQL statement runs.
"""

import threading
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from cardfleet.jobs.choices import JobState
from cardfleet.jobs.models import Job, JobRow
from cardfleet.kernel.errors import Reason

INTERVAL_S = 1.0
ROWS_KEPT = 10_000  # the refused rows of a larger input are in its reject file


class Progress(AbstractContextManager["Progress"]):
    """The numbers of a running job. Rows count when they are looked at; each is done or refused."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.total: int | None = job.total
        self.succeeded = 0
        self.refused = 0
        self.rows: list[JobRow] = []
        self._only = frozenset(job.params.get("only_lines", ()))
        self._over = threading.Event()
        self._teller = threading.Thread(target=self._tell_until_over, name=f"progress of job {job.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._teller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._teller.join()

    @property
    def processed(self) -> int:
        """How many rows were looked at."""
        return self.succeeded + self.refused

    def expect(self, total: int) -> None:
        """Say how many rows there are, once that is known."""
        self.total = total

    def wants(self, line: int) -> bool:
        """Tell whether the row of this line is to be done: all, or when refused rows are retried only those."""
        return not self._only or line in self._only

    def done(self, count: int = 1) -> None:
        """Count rows that were done."""
        self.succeeded += count

    def refuse(self, line: int, reason: Reason, *, row: str = "") -> None:
        """Count a refused row and keep why. `row` names it for people: never a secret, numbers masked."""
        self.refused += 1
        self._keep(line, reason, row, ok=False)

    def warn(self, line: int, reason: Reason, *, row: str = "") -> None:
        """Keep a remark on a row that was done; count it by `done`."""
        self._keep(line, reason, row, ok=True)

    def refuse_uncounted(self, count: int) -> None:
        """Count refused rows whose reasons are only in the reject file."""
        self.refused += count

    def _keep(self, line: int, reason: Reason, row: str, *, ok: bool) -> None:
        if len(self.rows) < ROWS_KEPT:
            self.rows.append(row_of(self.job, line, reason, row, ok=ok))

    def _tell_until_over(self) -> None:
        try:
            while not self._over.wait(INTERVAL_S):
                self._tell()
        finally:
            connection.close()

    def _tell(self) -> None:
        try:
            tell(self)
        except (InterfaceError, OperationalError):
            connection.close()  # the next turn opens another; a silent teller would look like a dead worker


def tell(progress: Progress) -> None:
    """Write the numbers and the sign of life, unless somebody else took the job over."""
    Job.objects.filter(pk=progress.job.pk, state=JobState.RUNNING, attempts=progress.job.attempts).update(
        total=progress.total,
        processed=progress.processed,
        succeeded=progress.succeeded,
        refused=progress.refused,
        heartbeat_at=timezone.now(),
    )


def row_of(job: Job, line: int, reason: Reason, row: str, *, ok: bool) -> JobRow:
    """Return a reason as a row of a job, texts in the active language."""
    return JobRow(
        job=job,
        line=line,
        ok=ok,
        label=row[:120],
        column=(reason.column or reason.field)[:80],
        value=reason.value[:200],
        code=reason.code[:64],
        message=str(reason.message),
    )
