"""Scripts: agents read what is approved, the office writes and approves (R31, R59)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.forms.targets import ScriptForm, ScriptVersionForm
from agents.models import Script, ScriptVersion
from agents.services.scripts import approve_script, write_script
from agents.views.access import AgentsView
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal


class ScriptsView(AgentsView):
    """The scripts in use, and for those who write them the form of a new one."""

    permission_required = "agents.view_script"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.page()

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page: the latest version of each, of which agents see the approved ones."""
        latest = ScriptVersion.objects.order_by("script_id", "-number").distinct("script_id")
        if not self.person.has_perm("agents.add_script"):
            latest = latest.filter(approved_at__isnull=False)
        rows = ScriptVersion.objects.filter(pk__in=latest.values("pk")).select_related("script", "written_by")
        context = {"rows": rows.order_by("script__name"), "form": ScriptForm(), **context}
        return render(self.request, "agents/scripts.html", context, status=status)


class ScriptNewView(ScriptsView):
    """Write a new script."""

    permission_required = "agents.add_script"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Write it."""
        form = ScriptForm(request.POST)
        if not form.is_valid():
            return self.page(status=422, form=form)
        try:
            version = write_script(**form.cleaned_data, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(status=422, form=form)
        return redirect("agents:script", version.script_id)


class ScriptView(AgentsView):
    """A script and its versions."""

    permission_required = "agents.view_script"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.page(get_object_or_404(Script, pk=pk))

    def page(self, script: Script, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page; agents see what is approved."""
        versions = script.versions.select_related("written_by", "approved_by")
        if not self.person.has_perm("agents.add_script"):
            versions = versions.filter(approved_at__isnull=False)[:1]
        context = {"script": script, "versions": versions, "form": ScriptVersionForm(), **context}
        return render(self.request, "agents/script.html", context, status=status)


class ScriptWriteView(ScriptView):
    """Write the next version."""

    permission_required = "agents.add_script"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write it."""
        script = get_object_or_404(Script, pk=pk)
        form = ScriptVersionForm(request.POST)
        if not form.is_valid():
            return self.page(script, status=422, form=form)
        write_script(script_id=pk, **form.cleaned_data, actor=self.person, now=timezone.now())
        messages.success(request, _("The version waits for somebody else's approval."))
        return redirect("agents:script", pk)


class ScriptApproveView(ScriptView):
    """Approve a version that somebody else wrote."""

    permission_required = "agents.approve_script"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Approve it."""
        version = get_object_or_404(ScriptVersion.objects.select_related("script"), pk=pk)
        try:
            approve_script(version_id=pk, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            return self.page(version.script, status=refusal.status, refusal=refusal)
        messages.success(request, _("The version is approved and in use."))
        return redirect("agents:script", version.script_id)
