"""Reports by e-mail: make, change, stop, go on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.accounts.models import User
from cardfleet.kernel.errors import NotVisible, Refusal
from cardfleet.kernel.forms import add_refusal
from cardfleet.lists.forms import ReportForm
from cardfleet.lists.models import ScheduledReport
from cardfleet.lists.registry import label
from cardfleet.lists.selectors.reports import RUNS, reports_of, views_to_send
from cardfleet.lists.services.reports import change_report, resume_report, schedule_report, stop_report
from cardfleet.lists.views.saved import ViewsPage


class ReportPage(ViewsPage):
    """A page about a report."""

    permission_required = "lists.add_scheduledreport"

    def form(self, *args: object, of: ScheduledReport | None = None, **kwargs: object) -> ReportForm:
        """Return the form over the views and people of who asks; a report keeps the view it was made of."""
        people = User.objects.visible_to(self.person).active().order_by("name", "pk")
        form = ReportForm(*args, views=views_to_send(self.person), people=people, **kwargs)
        if of:
            del form.fields["view"]
        return form

    def report(self, pk: int) -> ScheduledReport:
        """Return a report the person sees. NotVisible."""
        report = reports_of(self.person).filter(pk=pk).first()
        if report is None:
            raise NotVisible
        return report

    def page(self, form: ReportForm, report: ScheduledReport | None = None, *, status: int = 200) -> HttpResponse:
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
        return self.page(self.form(initial={"view": request.GET.get("view"), "recipients": [self.person.pk]}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make it."""
        form = self.form(request.POST)
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
        return self.page(self.form(of=report, initial=ReportForm.of(report)), report)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change it."""
        report = self.report(pk)
        form = self.form(request.POST, of=report)
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
