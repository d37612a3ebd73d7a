"""Card files: sent, imported by a worker, answered line by line."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cardfleet.jobs.choices import ENDED
from cardfleet.jobs.dispatch import enqueue
from cardfleet.jobs.models import Job
from cardfleet.kernel.errors import BadInput
from lifecycle.forms.card_import import CardImportForm
from lifecycle.services.card_files import KIND, ask_card_import, import_for_real
from lifecycle.views.access import OfficeView, person

RECENT = 10
SHOWN = 200


class CardImportView(OfficeView):
    """Send a card file, and see the last ones."""

    permission_required = "cards.import_card"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for the file."""
        return self.page(CardImportForm(person=person(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the file, call a worker and show how far it is; say what is wrong with a file that is no table."""
        form = CardImportForm(request.POST, request.FILES, person=person(request))
        if not form.is_valid():
            return self.page(form, status=422)
        given = form.cleaned_data
        try:
            job = ask_card_import(
                upload=given["file"],
                team=given["team"],
                reason=given["reason"],
                create_missing=given["create_missing"],
                dry_run=given["dry_run"],
                actor=person(request),
                now=timezone.now(),
            )
        except BadInput as refusal:
            form.add_error("file", " ".join(str(reason.message) for reason in refusal.reasons) or str(refusal))
            return self.page(form, status=422)
        enqueue(job)
        return redirect("lifecycle:import-cards-result", job.pk)

    def page(self, form: CardImportForm, *, status: int = 200) -> HttpResponse:
        """Show the form and the imports that went before."""
        jobs = Job.objects.visible_to(person(self.request)).filter(kind=KIND).select_related("owner")[:RECENT]
        return render(self.request, "lifecycle/card_import.html", {"form": form, "jobs": jobs}, status=status)


class CardImportResultView(OfficeView):
    """What became of a card file."""

    permission_required = "cards.import_card"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show counts, refused lines and remarks; while it runs, how far it is."""
        job = self.job(pk)
        rows = job.rows.order_by("line", "id")
        context = job_context(job) | {
            "refused": rows.filter(ok=False)[:SHOWN],
            "remarks": rows.filter(ok=True)[:SHOWN],
            "shown": SHOWN,
        }
        return render(request, "lifecycle/card_import_result.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """After a trial, import the same file for real."""
        job = import_for_real(tried=self.job(pk), actor=person(request), now=timezone.now())
        enqueue(job)
        return redirect("lifecycle:import-cards-result", job.pk)

    def job(self, pk: int) -> Job:
        """Return an import that the person may see; another is as if it were not."""
        jobs = Job.objects.visible_to(person(self.request)).filter(kind=KIND)
        job = jobs.select_related("owner", "result_file").filter(pk=pk).first()
        if job is None:
            raise Http404
        return job


class CardImportProgressView(CardImportResultView):
    """The part of the result that asks for itself until the job ended, and then for the whole page."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show how far it is."""
        context = job_context(self.job(pk))
        answer = render(request, "components/job.html", context)
        if context["ended"]:
            answer["HX-Refresh"] = "true"
        return answer


def job_context(job: Job) -> dict[str, Any]:
    """Return what the job component shows."""
    return {
        "job": job,
        "ended": job.state in ENDED,
        "url": reverse("lifecycle:import-cards-progress", args=[job.pk]),
        "title": job.params["name"],
    }
