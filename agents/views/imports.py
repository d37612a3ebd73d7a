"""Agent files: sent here, imported by a worker, answered on the job's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from agents.forms import AgentImportForm
from agents.services.agent_files import KIND, ask_agent_import
from agents.views.access import AgentsView
from cardfleet.jobs.dispatch import enqueue
from cardfleet.jobs.models import Job
from cardfleet.kernel.errors import BadInput

RECENT = 10


class ImportView(AgentsView):
    """Send an agent file, and see the last ones."""

    permission_required = "agents.import_agent"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for the file."""
        return self.page(AgentImportForm(person=self.person))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the file and call a worker; say what is wrong with a file that is no agent file."""
        form = AgentImportForm(request.POST, request.FILES, person=self.person)
        if not form.is_valid():
            return self.page(form, status=422)
        given = form.cleaned_data
        try:
            job = ask_agent_import(
                upload=given["file"],
                create_missing=given.get("create_missing", False),
                dry_run=given["dry_run"],
                actor=self.person,
                now=timezone.now(),
            )
        except BadInput as refusal:
            form.add_error("file", " ".join(str(reason.message) for reason in refusal.reasons) or str(refusal))
            return self.page(form, status=422)
        enqueue(job)
        return redirect("jobs:detail", job.pk)

    def page(self, form: AgentImportForm, *, status: int = 200) -> HttpResponse:
        """Show the form and the imports that went before."""
        jobs = Job.objects.visible_to(self.person).filter(kind=KIND).select_related("owner")[:RECENT]
        return render(self.request, "agents/import.html", {"form": form, "jobs": jobs}, status=status)
