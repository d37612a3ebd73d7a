"""Connections in the administration: set up, tried, run at once; and every run with its raw answers."""

from typing import Any

from django.contrib import admin, messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ReadOnlyAdmin, ServiceModelAdmin
from cardfleet.kernel.errors import Refusal
from lifecycle.forms.connection_settings import JSON, PARTS
from lifecycle.forms.connections import ConnectionForm
from lifecycle.models import Connection, ConnectionRun
from lifecycle.services.connections.asking import try_out
from lifecycle.services.connections.editing import EDITABLE, ask_run, edit_connection, record_connection

SHOWN = 20


def _facts(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name in EDITABLE}


@admin.register(Connection)
class ConnectionAdmin(ServiceModelAdmin[Connection]):
    """Where data of carriers and other systems come from."""

    form = ConnectionForm
    list_display = ("name", "subject", "kind", "standing", "last_success_at", "data_as_of", "next_try_at")
    list_filter = ("subject", "kind", "is_enabled")
    list_select_related = ("carrier",)
    search_fields = ("name",)
    readonly_fields = ("last_success_at", "data_as_of", "next_try_at", "failures", "failing_since")
    actions_detail = ("try_it", "run_now")
    fieldsets = (
        (None, {"fields": ("name", "kind", "subject", "carrier", "every_minutes", "is_enabled")}),
        *((title, {"classes": (shown,), "fields": lines}) for title, shown, lines in PARTS),
        (gettext_lazy("Sign-in"), {"classes": (JSON,), "fields": ("secret",)}),
        (gettext_lazy("How it goes"), {"fields": readonly_fields}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Connection | None = None) -> Any:
        """Return all of it to who may change it, to others what it is and how it goes."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fieldsets
        return (self.fieldsets[0], self.fieldsets[-1])

    @display(description=gettext_lazy("state"), label={"fails": "danger", "off": "info", "works": "success"})  # type: ignore[untyped-decorator]
    def standing(self, connection: Connection) -> tuple[str, str]:
        """Whether it works, fails, or is off."""
        if not connection.is_enabled:
            return "off", _("Switched off")
        return ("fails", _("Fails")) if connection.failing_since else ("works", _("Works"))

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Connection:
        """Set one up."""
        return record_connection(facts=_facts(given), actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: Connection, given: dict[str, Any]) -> Connection:
        """Change it."""
        return edit_connection(
            connection_id=row.pk, changes=_facts(given), actor=person_of(request), now=timezone.now()
        )

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Try it"), url_path="try", icon="fact_check", permissions=["change"]
    )
    def try_it(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what would be read; nothing is written. It is asked when somebody says so, not by opening the page."""
        connection = self.get_queryset(request).select_related("carrier").get(pk=object_id)
        trial = try_out(connection, now=timezone.now()) if request.method == "POST" else None
        frame = {**self.admin_site.each_context(request), "title": connection.name, "opts": self.opts}
        lines = trial.readings.lines[:SHOWN] if trial and trial.readings else []
        refused = trial.readings.refused[:SHOWN] if trial and trial.readings else []
        context = {**frame, "connection": connection, "trial": trial, "lines": lines, "refused": refused}
        return TemplateResponse(request, "lifecycle/connections/trial.html", context)

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Run now"),
        url_path="run",
        icon="play_arrow",
        permissions=["change"],
        dialog={"title": gettext_lazy("Fetch now, whatever the time?")},
    )
    def run_now(self, request: HttpRequest, _form: Form, object_id: str) -> HttpResponse:
        """Let it run within a minute."""
        try:
            ask_run(connection_id=int(object_id), actor=person_of(request), now=timezone.now())
            messages.success(request, _("It runs within a minute. See its runs."))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect("admin:lifecycle_connection_change", object_id)


@admin.register(ConnectionRun)
class ConnectionRunAdmin(ReadOnlyAdmin[ConnectionRun]):
    """What connections fetched."""

    list_display = (
        *("started_at", "connection", "outcome", "rows_read", "rows_stored", "rows_known", "rows_outdated"),
        *("rows_refused", "message"),
    )
    list_filter = ("connection", "outcome")
    list_select_related = ("connection",)
    exclude = ("raw", "imports")
    readonly_fields = ("answers", "batches")

    @admin.display(description=gettext_lazy("raw answers"))
    def answers(self, run: ConnectionRun) -> str:
        """Return where the raw answers are taken out, while they are kept."""
        if run.raw is None or not run.raw.content:
            return "—"
        return format_html('<a href="{}">{}</a>', reverse("files:download", args=[run.raw.pk]), run.raw.name)

    @admin.display(description=gettext_lazy("imports of calls"))
    def batches(self, run: ConnectionRun) -> str:
        """Return where the import centre says what became of the calls."""
        links = [(reverse("billing:usage-batch", args=[batch.pk]), batch.name) for batch in run.imports.all()]
        return format_html_join(", ", '<a href="{}">{}</a>', links) or "—"
