"""Files of bills: sent, looked at, mapped, imported or put away."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.choices import BillState
from billing.forms.bills import BillFileForm, ColumnsForm
from billing.importers.bills import ReadStatement
from billing.models import BillStatement
from billing.services.bill_files import (
    WAITING,
    Sent,
    map_statement,
    put_away,
    read_again,
    receive_statement,
    start_statement,
)
from billing.views.access import MoneyView, person
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.errors import Refusal

RECENT = 20
SHOWN = 12
REFUSED_SHOWN = 200


class BillImportView(MoneyView):
    """Send a statement, and see the last ones."""

    permission_required = "billing.import_bill"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for it."""
        return self.page(BillFileForm(initial=request.GET.dict()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the file and show how it is read; say what stands against it."""
        form = BillFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        given = dict(form.cleaned_data)
        file = given.pop("file")
        try:
            statement = receive_statement(
                sent=Sent(content=file, name=file.name, **given), actor=person(request), now=timezone.now()
            )
        except Refusal as refusal:
            return self.page(form, status=refusal.status, refusal=refusal)
        return redirect("billing:bill-file", statement.pk)

    def page(self, form: BillFileForm, *, status: int = 200, refusal: Refusal | None = None) -> HttpResponse:
        """Show the form and the files that came before."""
        files = BillStatement.objects.select_related("carrier", "account", "created_by")[:RECENT]
        context = {"form": form, "files": files, "refusal": refusal}
        return render(self.request, "billing/bill_import.html", context, status=status)


class BillFileView(MoneyView):
    """One file: how it is read, how far its import is, what it brought."""

    permission_required = "billing.import_bill"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.page(self.statement(pk))

    def statement(self, pk: int) -> BillStatement:
        """Return a file."""
        found = BillStatement.objects.select_related("carrier", "account", "file", "job").filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def page(self, statement: BillStatement, *, status: int = 200, **more: Any) -> HttpResponse:
        """Show the page."""
        context: dict[str, Any] = {"statement": statement} | job_context(statement)
        if statement.state in WAITING:
            context |= reading_context(read_again(statement))
        context["bills"] = statement.bills.select_related("account").exclude(state=BillState.WITHDRAWN)[:RECENT]
        if statement.job:
            context["refused"] = statement.job.rows.filter(ok=False).order_by("line")[:REFUSED_SHOWN]
        return render(self.request, "billing/bill_file.html", context | more, status=status)


class BillFileProgressView(BillFileView):
    """The part of the page that asks for itself until the job ended, and then for the whole page."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show how far it is."""
        statement = self.statement(pk)
        if statement.job is None:
            raise Http404
        context = job_context(statement)
        answer = render(request, "components/job.html", context)
        if context["ended"]:
            answer["HX-Refresh"] = "true"
        return answer


class BillColumnsView(BillFileView):
    """Say what the columns of a file hold."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep it and show how the file is read now."""
        statement = self.statement(pk)
        line, titles = header_of(read_again(statement), request.POST.get("line", ""))
        form = ColumnsForm(request.POST, titles=titles, columns=None)
        try:
            places = form.places() if form.is_valid() else {}
            map_statement(statement=statement, places=places, line=line, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            return self.page(statement, status=refusal.status, refusal=refusal)
        return redirect("billing:bill-file", pk)


class BillStartView(BillFileView):
    """Import a file."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the import."""
        statement = self.statement(pk)
        try:
            started = start_statement(statement=statement, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            return self.page(statement, status=refusal.status, refusal=refusal)
        if started.job:
            enqueue(started.job)
        messages.success(request, _("The import is on its way."))
        return redirect("billing:bill-file", pk)


class BillPutAwayView(BillFileView):
    """Put a file away."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put it away and go back."""
        statement = self.statement(pk)
        try:
            put_away(statement=statement, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            return self.page(statement, status=refusal.status, refusal=refusal)
        messages.success(request, _("The file was put away; nothing of it is imported."))
        return redirect("billing:bill-import")


def job_context(statement: BillStatement) -> dict[str, Any]:
    """Return what the job component shows."""
    return {
        "job": statement.job,
        "ended": statement.job is None or statement.job.ended,
        "url": reverse("billing:bill-file-progress", args=[statement.pk]),
        "title": statement.name,
    }


def reading_context(read: ReadStatement) -> dict[str, Any]:
    """Return how a file is read: its columns, first rows, sums, refused rows, and the form of its columns."""
    line, titles = header_of(read, "")
    return {
        "read": read,
        "rows": read.rows[:SHOWN],
        "raw": read.first_rows[:SHOWN],
        "unread": read.refused[:SHOWN],
        "gap": read.total - read.amount if read.total is not None else None,
        "numbers": len({row.number for row in read.rows if row.number}),
        "line": line,
        "columns_form": ColumnsForm(titles=titles, columns=read.columns),
    }


def header_of(read: ReadStatement, line: str) -> tuple[int, list[str]]:
    """Return the line of the header and its titles: the one given, the one found, else the widest of the first."""
    lines = dict(read.first_rows)
    if line.isdigit() and int(line) in lines:
        return int(line), list(lines[int(line)])
    if read.columns:
        return read.columns.line, list(read.columns.titles)
    widest = max(read.first_rows, key=lambda row: sum(bool(cell.strip()) for cell in row[1]))
    return widest[0], list(widest[1])
