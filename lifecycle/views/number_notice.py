"""The notice of a changed number: its texts, its people, what came of it, its forwarding (R110, R111)."""

from collections.abc import Callable
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.downloads import streamed
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from cardfleet.kernel.spreadsheets import Column, csv_chunks
from cardfleet.kernel.tabular import open_table
from lifecycle.forms.failover import ForwardingForm, ListForm, NumberNoticeForm, ResultForm, ResultsForm
from lifecycle.importers.recipients import read_recipients
from lifecycle.models import Forwarding, NoticeText, NumberNotice
from lifecycle.selectors.number_notices import JOINED, notice_page, rows_to_send
from lifecycle.services.forwarding import end_forwarding, set_up_forwarding
from lifecycle.services.number_notices import (
    CHANGEABLE,
    Listed,
    change_notice,
    list_recipients,
    note_download,
    record_result,
    record_results,
)
from lifecycle.views.access import OfficeView, person


class NoticePageView(OfficeView):
    """The page of a notice, whatever is done on it."""

    permission_required = "lifecycle.change_numbernotice"

    def notice(self, pk: int) -> NumberNotice:
        """Return a notice in scope; one outside is as if it were not."""
        found = NumberNotice.objects.visible_to(person(self.request)).select_related(*JOINED).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def page(self, notice: NumberNotice, *, status: int = 200, **shown: Any) -> HttpResponse:
        """Show the notice."""
        whole = person(self.request).has_perm("cards.view_full_number")
        context = {
            "page": notice_page(notice, whole=whole),
            "form": NumberNoticeForm(initial={name: getattr(notice, name) for name in CHANGEABLE}),
            "list_form": ListForm(prefix="list"),
            "results_form": ResultsForm(prefix="results"),
            **shown,
        }
        return render(self.request, "lifecycle/number_notice.html", context, status=status)


class NumberNoticeView(NoticePageView):
    """A notice and its draft."""

    permission_required = "lifecycle.view_numbernotice"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.page(self.notice(pk))


class NoticeChangeView(NoticePageView):
    """Change the draft."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep what was entered."""
        notice, form = self.notice(pk), NumberNoticeForm(request.POST)
        if not form.is_valid():
            return self.page(notice, form=form, status=422)
        try:
            change_notice(notice_id=pk, changes=form.cleaned_data, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(notice, form=form, status=refusal.status)
        messages.success(request, _("The notice was changed."))
        return redirect("lifecycle:number-notice", pk)


class NoticeFileView(NoticePageView):
    """Send a list of people, or what came of telling them."""

    with_results = False

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Store the good rows and name the others by line and column."""
        notice = self.notice(pk)
        name = "results" if self.with_results else "list"
        form = (ResultsForm if self.with_results else ListForm)(request.POST, request.FILES, prefix=name)
        if not form.is_valid():
            return self.page(notice, status=422, **{f"{name}_form": form})
        service: Callable[..., Listed] = record_results if self.with_results else list_recipients
        upload: UploadedFile[bytes] = form.cleaned_data["file"]
        try:
            table = open_table(cast("BinaryIO", upload.file), upload.name or "")
            lines = read_recipients(table, with_results=self.with_results)
            listed = service(notice_id=pk, lines=lines, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(notice, status=refusal.status, **{f"{name}_form": form})
        said = _("New or changed: %(new)s. As they were: %(known)s. Refused rows: %(refused)s.")
        counts = {"new": listed.new, "known": listed.known, "refused": len(listed.refused)}
        messages.success(request, said % counts)
        if listed.refused:
            return self.page(self.notice(pk), refused=listed.refused)
        return redirect("lifecycle:number-notice", pk)


class NoticeResultView(NoticePageView):
    """Record by hand what came of telling people."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it for the ticked people."""
        notice = self.notice(pk)
        form = ResultForm(request.POST, people=notice.recipients.values_list("pk", flat=True))
        if form.is_valid():
            given = form.cleaned_data
            record_result(
                notice_id=pk,
                recipient_ids=given["people"],
                result=given["result"],
                remark=given["remark"],
                actor=person(request),
                now=timezone.now(),
            )
        else:
            messages.warning(request, _("Tick the people first."))
        return redirect("lifecycle:number-notice", pk)


class NoticeDownloadView(NoticePageView):
    """The text for everybody who is still to be told, as a file for whoever sends it."""

    permission_required = "lifecycle.export_recipients"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
        """Return the file; that it was taken is journalled."""
        notice = self.notice(pk)
        asked = request.POST.get("text", "")
        wanted = int(asked[:18]) if asked.isascii() and asked.isdigit() else None
        text = get_object_or_404(NoticeText, pk=wanted, is_active=True)
        note_download(notice_id=pk, actor=person(request), now=timezone.now())
        titles = (_("Number or e-mail"), _("Form of address"), _("Subject"), _("Text"))
        rows = list(rows_to_send(notice, text))
        return streamed(f"notice-{pk}-{text.channel}.csv", csv_chunks([Column(title) for title in titles], rows))


class ForwardingView(NoticePageView):
    """Record that a forwarding works, or until when."""

    def forwarding(self, pk: int) -> Forwarding:
        """Return a forwarding in scope."""
        return get_object_or_404(Forwarding.objects.visible_to(person(self.request)), pk=pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it."""
        forwarding, form = self.forwarding(pk), ForwardingForm(request.POST)
        if form.is_valid():
            ends_on = form.cleaned_data["ends_on"]
            set_up_forwarding(forwarding_id=pk, ends_on=ends_on, actor=person(request), now=timezone.now())
        else:
            messages.warning(request, _("Choose the last day of the forwarding."))
        return redirect("lifecycle:number-notice", forwarding.notice_id)


class ForwardingEndView(ForwardingView):
    """Record that a forwarding was ended."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it."""
        forwarding = self.forwarding(pk)
        end_forwarding(forwarding_id=pk, actor=person(request), now=timezone.now())
        return redirect("lifecycle:number-notice", forwarding.notice_id)
