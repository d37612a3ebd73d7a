"""Top-ups of many cards from a file: sent, looked at, confirmed (R28)."""

from datetime import timedelta
from typing import Any, BinaryIO, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.importers.top_ups import read_top_ups
from billing.services.top_ups.sheets import ASK, RECORD, RECORD_RIGHT, SheetRow, carry_out, look_at
from billing.views.access import MoneyView, person
from cardfleet.files.models import StoredFile
from cardfleet.files.services import store
from cardfleet.files.subjects import visible_file
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal

KEPT = timedelta(days=7)


class TopUpFileForm(forms.Form):
    """A table, and what is done with its rows."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV, XLS or XLSX with the columns 手机号 and 金额; 流水号 and 用途 where known.")
    )
    what = forms.ChoiceField(label=_("What to do"), choices=[(ASK, _("Ask for these top-ups"))])

    def __init__(self, *args: Any, may_record: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if may_record:
            choices = [(ASK, _("Ask for these top-ups")), (RECORD, _("Record them as paid and on the account"))]
            self.fields["what"].choices = choices  # type: ignore[attr-defined]


class TopUpFileView(MoneyView):
    """Send a file, tick what looks like a slipped dot but is meant so, and see what became of each row."""

    permission_required = "billing.approve_top_up"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Ask for the file."""
        return self.page(self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show what the file says, or do what was looked at."""
        if "stored" in request.POST:
            return self.carried_out(visible_file(person(request), request.POST["stored"]))
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        upload, now = form.cleaned_data["file"], timezone.now()
        try:
            rows = look_at(read_top_ups(upload, upload.name), actor=person(request), now=now)
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=refusal.status)
        stored = store(
            content=upload,
            name=upload.name,
            purpose="billing.top_up_file",
            owner=person(request),
            now=now,
            delete_after=now + KEPT,
        )
        return self.page(form, rows=rows, stored=stored, what=form.cleaned_data["what"], **sums(rows))

    def carried_out(self, stored: StoredFile) -> HttpResponse:
        """Do it, and show what became of each row."""
        actor, now = person(self.request), timezone.now()
        with stored.content.open("rb") as file:
            rows = look_at(read_top_ups(cast("BinaryIO", file), stored.name), actor=actor, now=now)
        sure = {int(text) for text in self.request.POST.getlist("sure") if text.isascii() and text.isdigit()}
        what = self.request.POST.get("what", ASK)
        done = carry_out(rows, what=what, sure=sure, key=stored.sha256[:16], actor=actor, now=now)
        return self.page(self.form(), rows=done, is_done=True, **sums(done))

    def form(self, *args: Any) -> TopUpFileForm:
        """Return the form with what the person may do."""
        return TopUpFileForm(*args, may_record=person(self.request).has_perm(RECORD_RIGHT))

    def page(self, form: TopUpFileForm, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page."""
        return render(self.request, "billing/top_up_file.html", {"form": form, **context}, status=status)


def sums(rows: list[SheetRow]) -> dict[str, Any]:
    """Return how many rows are usable, and what they add up to, CNY."""
    usable = [row for row in rows if not row.fault]
    return {"usable": len(usable), "total": sum(row.amount for row in usable), "faults": len(rows) - len(usable)}
