"""Handing a file out. Files lie outside the web root; this is the only way to one."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.views import View

from cardfleet.accounts.access import person_of
from cardfleet.files.downloads import as_answer
from cardfleet.files.services import record_download
from cardfleet.files.subjects import visible_file


class Download(LoginRequiredMixin, View):
    """A file as an attachment, never shown in the browser itself."""

    def get(self, request: HttpRequest, pk: str) -> FileResponse:
        """Answer the file, journalled; 404 when it or its subject is not visible."""
        person = person_of(request)
        stored = visible_file(person, pk)
        record_download(stored=stored, actor=person, now=timezone.now())
        return as_answer(stored)
