"""Reports by e-mail: make, change, stop, go on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.errors import NotVisible, Refusal
from cardfleet.kernel.forms import add_refusal
from cardfleet.lists.forms import ReportForm, ReportTermsForm
from cardfleet.lists.models import ScheduledReport
from cardfleet.lists.registry import label
from cardfleet.lists.selectors.reports import RUNS, reports_of
from cardfleet.lists.services.reports import change_report, resume_report, schedule_report, stop_report
from cardfleet.lists.views.saved import ViewsPage


class ReportPage(ViewsPage):
    """A page about a report."""

    permission_required = "lists.add_scheduledreport"

    def report(self, pk: int) -> ScheduledReport:
        """Return a report the person sees. NotVisible."""
        report = reports_of(self.person).filter(pk=pk).first()
        if report is None:
            raise NotVisible
        return report

    def page(self, form: ReportTermsForm, report: ScheduledReport | None = None, *, status: int = 200) -> HttpResponse:
        """Return the page around a form."""
        context = {
            "form": form,
            "report": report,
            "list": label(report.listing) if report else "",
            "runs": report.runs.select_related("file")[:RUNS] if report else [],
            "is_own": report is None or report.owner_id == self.person.pk,
        }
        return render(self.request, "lists/report.html", context, status=status)


class NewReportView(ReportPage):
    """Make a report."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask which."""
        initial = {"view": request.GET.get("view"), "recipients": [self.person.pk]}
        return self.page(ReportForm(person=self.person, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make it."""
        form = ReportForm(request.POST, person=self.person)
        if not form.is_valid():
            return self.page(form, status=422)
        view = form.cleaned_data["view"]
        try:
            report = schedule_report(view_id=view.pk, wanted=form.wanted, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=422)
        messages.success(request, _("The report is scheduled."))
        return redirect("lists:report", report.pk)


class ReportView(ReportPage):
    """One report: what it is, and when it was sent."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        report = self.report(pk)
        return self.page(ReportTermsForm(person=self.person, initial=ReportTermsForm.of(report)), report)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change it."""
        report = self.report(pk)
        form = ReportTermsForm(request.POST, person=self.person)
        if not form.is_valid():
            return self.page(form, report, status=422)
        try:
            change_report(report_id=pk, wanted=form.wanted, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, report, status=422)
        messages.success(request, _("The report is scheduled."))
        return redirect("lists:report", pk)


class SwitchView(ReportPage):
    """Stop a report, or let it go on (`on=1`)."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it and lead to the report."""
        switch = resume_report if request.POST.get("on") == "1" else stop_report
        switch(report_id=pk, actor=self.person, now=timezone.now())
        return redirect("lists:report", pk)
