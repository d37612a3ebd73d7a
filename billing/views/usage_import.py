"""Files of call records: sent, imported by a worker, answered row by row."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from billing.choices import SourceRole
from billing.forms.usage_import import UsageImportForm
from billing.models import UsageBatch
from billing.services.usage_requests import Delivery, request_import
from billing.views.access import MoneyView, person
from cardfleet.jobs.choices import ENDED
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.errors import Refusal

RECENT = 15
SHOWN = 200


class UsageImportView(MoneyView):
    """Send a file, and see the last ones."""

    permission_required = "billing.import_usage"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for the file."""
        return self.page(UsageImportForm(initial={"own_number": request.GET.get("number", "")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the file, call a worker and show how far it is; say what is wrong with a file nothing can be read of."""
        form = UsageImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        given = form.cleaned_data
        delivery = Delivery(
            content=given["file"],
            name=given["file"].name,
            source=given["source"],
            role=SourceRole(given["role"]) if given["role"] else None,
            own_number=given["own_number"],
            wanted=given["format"],
        )
        try:
            batch = request_import(delivery=delivery, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            return self.page(form, status=refusal.status, refusal=refusal)
        if batch.job:
            enqueue(batch.job)
        return redirect("billing:usage-batch", batch.pk)

    def page(self, form: UsageImportForm, *, status: int = 200, **context: Any) -> HttpResponse:
        """Show the form and the imports that went before."""
        batches = UsageBatch.objects.visible_to(person(self.request)).select_related("source", "file", "job")
        context |= {"form": form, "batches": batches.order_by("-id")[:RECENT]}
        return render(self.request, "billing/usage_import.html", context, status=status)


class UsageBatchView(MoneyView):
    """What became of a file."""

    permission_required = "billing.import_usage"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show counts and refused rows; while it runs, how far it is."""
        batch = self.batch(pk)
        rejects = batch.rejects.order_by("line", "pk")[:SHOWN]
        return render(request, "billing/usage_batch.html", job_context(batch) | {"rejects": rejects, "shown": SHOWN})

    def batch(self, pk: int) -> UsageBatch:
        """Return an import that the person may see; another is as if it were not."""
        batches = UsageBatch.objects.visible_to(person(self.request))
        batch = batches.select_related("source", "file", "job__result_file").filter(pk=pk).first()
        if batch is None:
            raise Http404
        return batch


class UsageProgressView(UsageBatchView):
    """The part of the result that asks for itself until the job ended, and then for the whole page."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show how far it is."""
        context = job_context(self.batch(pk))
        answer = render(request, "components/job.html", context)
        if context["ended"]:
            answer["HX-Refresh"] = "true"
        return answer


def job_context(batch: UsageBatch) -> dict[str, Any]:
    """Return what the job component shows of a batch; one imported by a command has no job and is ended."""
    return {
        "batch": batch,
        "job": batch.job,
        "ended": batch.job is None or batch.job.state in ENDED,
        "url": reverse("billing:usage-progress", args=[batch.pk]),
        "title": batch.file.name if batch.file else str(batch.source),
    }
