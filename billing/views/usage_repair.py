"""Repairing the refused rows of a file: in the page, by reason, or by a corrected file; or taking it back whole."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from io import StringIO
from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.exporters.rejects import file_name, reject_rows
from billing.models import UsageBatch
from billing.services.revocation import request_revocation
from billing.services.usage_repairs import correct_by_file, correct_rows, import_again
from billing.views.access import person
from billing.views.usage_batch import BatchPage, BatchView
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.downloads import streamed
from cardfleet.kernel.errors import Refusal

CELL = re.compile(r"^cell-(\d{1,18})-(\d{1,4})$")


class RepairView(BatchPage):
    """Ask for rows to be imported again, and go back to the file."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for it; a refusal is shown on the file's page."""
        batch = self.batch(pk)
        try:
            correction = self.repair(batch)
        except Refusal as refusal:
            return self.page(batch, status=refusal.status, refusal=refusal)
        if correction.job:
            enqueue(correction.job)
        messages.success(request, _("{count} rows are being imported again.").format(count=correction.lines))
        return redirect("billing:usage-batch", pk)

    def repair(self, batch: UsageBatch) -> UsageBatch:
        """Return the batch of the corrected rows."""
        raise NotImplementedError


class UsageRepairView(RepairView):
    """Rows corrected in the page."""

    def repair(self, batch: UsageBatch) -> UsageBatch:
        """Import the rows with their new cells."""
        return correct_rows(batch=batch, cells=cells_of(self.request), actor=person(self.request), now=timezone.now())


class UsageAgainView(RepairView):
    """All rows refused for one reason, as they are."""

    def repair(self, batch: UsageBatch) -> UsageBatch:
        """Import them again."""
        code = self.request.POST.get("code", "")
        return import_again(batch=batch, code=code, actor=person(self.request), now=timezone.now())


class UsageCorrectedView(RepairView):
    """The file of the refused rows, corrected."""

    def repair(self, batch: UsageBatch) -> UsageBatch:
        """Import its rows."""
        file = self.request.FILES.get("file")
        if file is None:
            return correct_rows(batch=batch, cells={}, actor=person(self.request), now=timezone.now())
        return correct_by_file(
            batch=batch,
            file=cast("BinaryIO", file),
            name=file.name or "",
            actor=person(self.request),
            now=timezone.now(),
        )


class UsageRefusedView(BatchView):
    """The rows that are still refused, as a file to correct."""

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """Answer them as CSV."""
        batch = self.batch(pk)
        return streamed(file_name(batch), _lines(batch))


def cells_of(request: HttpRequest) -> dict[int, list[str]]:
    """Return the cells of each row in the form, in their order."""
    rows: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for name, value in request.POST.items():
        if isinstance(value, str) and (found := CELL.match(name)):
            rows[int(found[1])][int(found[2])] = value
    return {pk: [cells[place] for place in sorted(cells)] for pk, cells in rows.items()}


def _lines(batch: UsageBatch) -> Iterator[bytes]:
    buffer = StringIO("\ufeff")
    buffer.seek(0, 2)
    writer = csv.writer(buffer)
    for row in reject_rows(batch):
        writer.writerow(row)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


class UsageRevokeView(BatchPage):
    """Take a whole import back."""

    permission_required = "billing.revoke_usage"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for it, and show how far it is."""
        batch = self.batch(pk)
        reason = request.POST.get("reason", "")
        try:
            job = request_revocation(batch=batch, reason=reason, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            return self.page(batch, status=refusal.status, refusal=refusal)
        enqueue(job)
        return redirect("jobs:detail", job.pk)
