"""One file of call records: how it would be read, how far its import is, what it brought."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.choices import BatchState
from billing.forms.usage_import import ReadingForm, RevocationForm
from billing.models import UsageBatch
from billing.services.revocation import files_to_import_again
from billing.services.usage_requests import change_reading, discard_batch, start_import, startable
from billing.views.access import MoneyView, person
from billing.views.usage_reading import reading_of
from billing.views.usage_rejects import rejects_of
from cardfleet.jobs.choices import JobState
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.errors import Refusal


class BatchView(MoneyView):
    """A page of one import."""

    permission_required = "billing.import_usage"

    def batch(self, pk: int) -> UsageBatch:
        """Return an import that the person may see; another is as if it were not."""
        batches = UsageBatch.objects.visible_to(person(self.request))
        batch = batches.select_related("source", "file", "corrects", "job__result_file").filter(pk=pk).first()
        if batch is None:
            raise Http404
        return batch


class BatchPage(BatchView):
    """What becomes of a file."""

    def page(self, batch: UsageBatch, *, status: int = 200, **more: Any) -> HttpResponse:
        """Show the page."""
        context = told(batch, timezone.now()) | {"startable": startable(batch)} | more
        if context["startable"] and not batch.corrects:
            given = {"own_number": batch.own_number.removeprefix("+86"), "format": batch.format}
            context |= {"reading": reading_of(batch, now=timezone.now()), "form": ReadingForm(initial=given)}
        else:
            context |= rejects_of(batch, self.request.GET) | {"revocation": RevocationForm()}
        if batch.state == BatchState.REVOKED:
            context["again"] = files_to_import_again(batch)
        return render(self.request, "billing/usage_batch.html", context, status=status)


class UsageBatchView(BatchPage):
    """How the file would be read; while it runs, how far it is; then counts and refused rows."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.page(self.batch(pk))


class UsageReadingView(BatchPage):
    """Say of a file that waits which number it is of, and what its format is."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep it and show how the file is read now."""
        batch = self.batch(pk)
        try:
            change_reading(
                batch=batch, own_number=request.POST.get("own_number", ""), wanted=request.POST.get("format", "")
            )
        except Refusal as refusal:
            return self.page(batch, status=refusal.status, refusal=refusal)
        return redirect("billing:usage-batch", pk)


class UsageStartView(BatchPage):
    """Start an import, or take up again one that failed."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the import."""
        batch = self.batch(pk)
        try:
            started = start_import(batch=batch, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            return self.page(batch, status=refusal.status, refusal=refusal)
        if started.job:
            enqueue(started.job)
        messages.success(request, _("The import is on its way."))
        return redirect("billing:usage-batch", pk)


class UsageDiscardView(BatchPage):
    """Put away a file that is not to be imported."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put it away and go back to the imports."""
        batch = self.batch(pk)
        try:
            discard_batch(batch=batch, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            return self.page(batch, status=refusal.status, refusal=refusal)
        messages.success(request, _("The file was put away; nothing of it is imported."))
        return redirect("billing:usage-import")


class UsageProgressView(BatchView):
    """The part of the result that asks for itself until the job ended, and then for the whole page."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show how far it is."""
        context = told(self.batch(pk), timezone.now())
        answer = render(request, "components/job.html", context)
        if context["ended"]:
            answer["HX-Refresh"] = "true"
        return answer


def told(batch: UsageBatch, now: datetime) -> dict[str, Any]:
    """Return what the job component shows of a batch; one imported by a command has no job and is ended."""
    return {
        "batch": batch,
        "job": batch.job,
        "ended": batch.job is None or batch.job.ended,
        "url": reverse("billing:usage-progress", args=[batch.pk]),
        "title": batch.name or str(batch.source),
        "note": pace(batch, now),
    }


def pace(batch: UsageBatch, now: datetime) -> str:
    """Return rows a second and the time left, in words; nothing while neither is known."""
    job = batch.job
    if job is None or job.state != JobState.RUNNING or not job.started_at or not job.processed:
        return ""
    passed = max((now - job.started_at).total_seconds(), 1.0)
    rate = int(job.processed / passed)
    if not job.total or job.processed >= job.total:
        return _("All rows are read; they are resolved and stored now. {clock} so far.").format(clock=_clock(passed))
    left = passed * (job.total - job.processed) / job.processed
    return _("{rate} rows a second · about {clock} until all are read").format(rate=f"{rate:,}", clock=_clock(left))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(timedelta(seconds=seconds).total_seconds()), 60)
    return f"{minutes}:{rest:02}"
