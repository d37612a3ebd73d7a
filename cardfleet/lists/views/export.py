"""A list as a file, with the filters and columns of the page; that somebody took it is journalled."""

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from cardfleet.accounts.access import is_fresh, to_fresh_sign_in
from cardfleet.jobs.dispatch import enqueue
from cardfleet.jobs.models import Job
from cardfleet.kernel.errors import NotAllowed
from cardfleet.lists.asking import read_usable
from cardfleet.lists.choices import FileForm
from cardfleet.lists.exporters.files import as_answer
from cardfleet.lists.registry import Reader
from cardfleet.lists.services.exports import take_out
from cardfleet.lists.views.menus import Menu


class ExportView(Menu):
    """The listed rows as CSV, streamed, or as XLSX (`form=xlsx`); a job makes the file where that takes long."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        """Answer with the file. ListUnusable where the address does not fit the list."""
        found, now = self.listing(code), timezone.now()
        if not self.person.has_perm(found.export_permission):
            raise NotAllowed
        if found.is_personal and not is_fresh(request):
            return to_fresh_sign_in(request, f"{reverse(found.url_name)}?{_of_the_list(request).urlencode()}")
        asked = read_usable(found, request.GET, self.person)
        form = FileForm.XLSX if request.GET.get("form") == FileForm.XLSX else FileForm.CSV
        taken = take_out(asked=asked, form=form, actor=self.person, now=now)
        if isinstance(taken, Job):
            enqueue(taken)
            return redirect("jobs:detail", pk=taken.pk)
        return as_answer(asked, form, taken, Reader(person=self.person, now=now))


def _of_the_list(request: HttpRequest) -> QueryDict:
    query = request.GET.copy()
    query.pop("form", None)
    return query
