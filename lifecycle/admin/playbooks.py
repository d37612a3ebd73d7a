"""Playbooks in the administration: a version is read, never rewritten; saving writes the next one."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import TabularInline

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin
from lifecycle.forms.playbooks import PlaybookForm, PlaybookStepForm
from lifecycle.models import Playbook, PlaybookStep
from lifecycle.services.cases.playbooks import set_steps, write_playbook


class StepInline(TabularInline):  # type: ignore[misc]
    """The steps, copied into the next version as they stand in the form."""

    model = PlaybookStep
    form = PlaybookStepForm
    extra = 0
    ordering = ("position",)

    def has_add_permission(self, request: HttpRequest, _obj: Playbook | None = None) -> bool:
        """Whoever writes playbooks writes their steps."""
        return request.user.has_perm("lifecycle.change_playbook")

    has_change_permission = has_delete_permission = has_add_permission

    def has_view_permission(self, request: HttpRequest, _obj: Playbook | None = None) -> bool:
        """Whoever sees playbooks sees their steps."""
        return request.user.has_perm("lifecycle.view_playbook")


@admin.register(Playbook)
class PlaybookAdmin(ServiceModelAdmin[Playbook]):
    """Playbooks by kind, reason and carrier; a running case keeps the steps it was opened with."""

    form = PlaybookForm
    list_display = ("kind", "reason", "carrier", "version", "effective_from", "created_by")
    list_filter = ("kind", "carrier")
    list_select_related = ("carrier", "created_by")
    inlines = (StepInline,)

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Playbook:
        """Write the first version."""
        return write_playbook(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, _row: Playbook, given: dict[str, Any]) -> Playbook:
        """Write the next version; the one shown stays as it is."""
        return write_playbook(facts=given, actor=person_of(request), now=timezone.now())

    def save_related(
        self,
        _request: HttpRequest,
        form: "ModelForm[Playbook]",
        formsets: Any,
        change: bool,  # noqa: FBT001 - Django's
    ) -> None:
        """Write the steps of the new version as they stand in the form."""
        names = PlaybookStepForm.Meta.fields
        steps = [
            {name: step.cleaned_data[name] for name in names}
            for formset in formsets
            for step in formset.forms
            if step.cleaned_data and not step.cleaned_data.get("DELETE")
        ]
        set_steps(playbook_id=form.instance.pk, steps=steps, now=timezone.now())
