"""Long work on pages: what was asked for, how far it is, what became of each row."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from cardfleet.accounts.access import person_of
from cardfleet.accounts.models import User
from cardfleet.jobs import handlers
from cardfleet.jobs.dispatch import enqueue
from cardfleet.jobs.filters import JobFilter
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import retry_refused, start_undo
from cardfleet.jobs.services.undoing import is_undoable
from cardfleet.kernel.errors import NotVisible

PAGE = 50


class JobView(LoginRequiredMixin, View):
    """A page about the jobs a person may see."""

    def jobs(self) -> QuerySet[Job]:
        """Return the person's jobs, or all for those with the right."""
        return Job.objects.visible_to(person_of(self.request)).select_related("owner", "result_file")

    def job(self, pk: int) -> Job:
        """Return one of them; NotVisible for another."""
        job = self.jobs().filter(pk=pk).first()
        if job is None:
            raise NotVisible
        return job


class ListView(JobView):
    """The jobs, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of them."""
        filters = JobFilter(request.GET, self.jobs(), request=request)
        page = Paginator(filters.qs if filters.is_valid() else Job.objects.none(), PAGE).get_page(
            request.GET.get("page")
        )
        rows = [(job, handlers.label(job.kind)) for job in page]
        return render(request, "jobs/list.html", {"filters": filters, "page_obj": page, "rows": rows})


class DetailView(JobView):
    """One job: its bar, its refused rows, its result."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the job."""
        job = self.job(pk)
        page = Paginator(job.rows.order_by("ok", "line", "id"), PAGE).get_page(request.GET.get("page"))
        context = {"page_obj": page, "may_retry": may_retry(job), "may_undo": may_undo(job, person_of(request))}
        return render(request, "jobs/detail.html", {**told(job), **context})


class ProgressView(JobView):
    """The bar alone; pages ask for it every second until the job ended, then once for themselves."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the bar."""
        job = self.job(pk)
        response = render(request, "components/job.html", told(job))
        if job.ended:
            response["HX-Refresh"] = "true"
        return response


class RetryView(JobView):
    """The refused rows once more."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the same work on them alone, and show the new job."""
        again = retry_refused(job=self.job(pk), actor=person_of(request), now=timezone.now())
        enqueue(again)
        return redirect("jobs:detail", pk=again.pk)


class UndoView(JobView):
    """What a job did, taken back where it is still as the job left it."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the undoing, and show its job."""
        undoing = start_undo(job=self.job(pk), actor=person_of(request), now=timezone.now())
        enqueue(undoing)
        return redirect("jobs:detail", pk=undoing.pk)


def told(job: Job) -> dict[str, Any]:
    """Return what `components/job.html` shows."""
    return {
        "job": job,
        "ended": job.ended,
        "url": reverse("jobs:progress", args=[job.pk]),
        "title": handlers.label(job.kind),
    }


def may_retry(job: Job) -> bool:
    """Tell whether refused rows may be tried again as they are; those of a file are corrected and sent anew."""
    return job.ended and job.refused > 0 and job.input_file_id is None


def may_undo(job: Job, person: User) -> bool:
    """Tell whether the person may undo what the job did."""
    return is_undoable(job) and person.has_perm(handlers.kind(job.kind).right)
