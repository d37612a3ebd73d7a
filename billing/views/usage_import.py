"""Files of call records: sent, looked at, and started."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.choices import BatchState, SourceRole
from billing.forms.usage_import import UsageImportForm
from billing.models import UsageBatch
from billing.querysets import UsageBatchQuerySet
from billing.selectors.expectations import expected
from billing.services.usage_bundles import Received, receive_all
from billing.services.usage_requests import Delivery, start_waiting
from billing.views.access import MoneyView, person
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.clock import business_day

RECENT = 20


class UsageImportView(MoneyView):
    """Send files, and see the last ones."""

    permission_required = "billing.import_usage"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for the files."""
        given = {"own_number": request.GET.get("number", ""), "source": request.GET.get("source", "")}
        return self.page(UsageImportForm(initial=given))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the files and show how they would be read; say what is wrong with those nothing can be read of."""
        form = UsageImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        received = receive_all(deliveries=deliveries(form.cleaned_data), actor=person(request), now=timezone.now())
        if received.refused:
            return self.page(form, status=200 if received.batches else 400, received=received)
        if len(received.batches) == 1:
            return redirect("billing:usage-batch", received.batches[0].pk)
        messages.success(request, _("{count} files received.").format(count=len(received.batches)))
        return redirect("billing:usage-import")

    def page(self, form: UsageImportForm, *, status: int = 200, received: Received | None = None) -> HttpResponse:
        """Show the form and the imports that went before."""
        batches = UsageBatch.objects.visible_to(person(self.request)).select_related("source", "job").defer("sample")
        context = {
            "form": form,
            "received": received,
            "batches": batches.filter(corrects=None).order_by("-id")[:RECENT],
            "expected": expected(today=business_day(timezone.now())),
            "waiting": waiting(self.request).exclude(format="").count(),
        }
        return render(self.request, "billing/usage_import.html", context, status=status)


class UsageStartAllView(MoneyView):
    """Start every import that waits for it."""

    permission_required = "billing.import_usage"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start those that are recognised; the others stay where they are."""
        started = start_waiting(batches=waiting(request), actor=person(request), now=timezone.now())
        for batch in started:
            if batch.job:
                enqueue(batch.job)
        messages.success(request, _("{count} imports started.").format(count=len(started)))
        return redirect("billing:usage-import")


def waiting(request: HttpRequest) -> UsageBatchQuerySet:
    """Return the person's batches that wait for their start."""
    return UsageBatch.objects.visible_to(person(request)).filter(state=BatchState.RECEIVED)


def deliveries(given: dict[str, Any]) -> list[Delivery]:
    """Return the files of a form."""
    return [
        Delivery(
            content=file,
            name=file.name,
            source=given["source"],
            role=SourceRole(given["role"]) if given["role"] else None,
            own_number=given["own_number"],
            wanted=given["format"],
        )
        for file in given["file"]
    ]
