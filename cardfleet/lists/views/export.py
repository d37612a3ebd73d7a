"""A list as a file, with the filters and columns of the page; that somebody took it is journalled."""

from collections.abc import Iterator
from tempfile import TemporaryFile

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotAllowed
from cardfleet.lists.asking import read_usable
from cardfleet.lists.choices import FileForm
from cardfleet.lists.exporters.files import TYPES, as_csv, as_xlsx, is_long
from cardfleet.lists.registry import Reader
from cardfleet.lists.services.exports import record_export, start_export
from cardfleet.lists.views.menus import Menu


class ExportView(Menu):
    """The listed rows as CSV, streamed, or as XLSX (`form=xlsx`); a job makes the file where that takes long."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        """Answer with the file. ListUnusable where the address does not fit the list."""
        found, now = self.listing(code), timezone.now()
        if not self.person.has_perm(found.export_permission):
            raise NotAllowed
        asked = read_usable(found, request.GET, self.person)
        form = FileForm.XLSX if request.GET.get("form") == FileForm.XLSX else FileForm.CSV
        if is_long(asked, form, now):
            job = start_export(asked=asked, form=form, actor=self.person, now=now)
            enqueue(job)
            return redirect("jobs:detail", pk=job.pk)
        number = record_export(asked=asked, form=form, actor=self.person, now=now)
        name = f"{found.code}-{business_day(now):%Y%m%d}-{number}.{form}"
        reader = Reader(person=self.person, now=now)
        if form == FileForm.XLSX:
            target = TemporaryFile()  # noqa: SIM115 - the answer closes it
            as_xlsx(target, asked, reader)
            target.seek(0)
            return FileResponse(target, as_attachment=True, filename=name, content_type=TYPES[form])
        return _stream(as_csv(asked, reader), name)


def _stream(pieces: Iterator[bytes], name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(pieces, content_type=TYPES[FileForm.CSV], headers=headers)
