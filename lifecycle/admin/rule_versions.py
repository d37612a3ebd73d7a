"""The versions of a rule in the administration: compared, copied, restored in one step, with their document (R21)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from cardfleet.accounts.access import person_of
from cardfleet.journal.registry import describe
from cardfleet.kernel.admin import ServiceModelAdmin
from cardfleet.kernel.errors import Refusal
from cards.models import CarrierRule
from cards.services.rules import SCOPE, VALUES
from lifecycle.forms.rules import DocumentForm, RestoreForm
from lifecycle.journal_actions import rule_words
from lifecycle.selectors.rule_versions import compare, history_of, versions_of
from lifecycle.services.rules import prove_rule, restore_version

CHANGE = "admin:cards_carrierrule_change"


class VersionsAdmin(ServiceModelAdmin[CarrierRule]):
    """What can be done with the versions of a rule."""

    actions_detail: tuple[str, ...] = ("compare", "copy", "restore", "attach")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> CarrierRule | None:
        """Return the version; the form of the latest is filled from a former one where `?from=` names it."""
        rule: CarrierRule | None = super().get_object(request, object_id, from_field)
        if rule is not None and request.method == "GET" and (former := _named(request, "from", rule)):
            for name in SCOPE | VALUES:
                setattr(rule, name, getattr(former, name))
        return rule

    def has_change_of_rules_permission(self, request: HttpRequest, _pk: str | None = None) -> bool:
        """Ask for the right to change rules, of any version."""
        return request.user.has_perm("cards.change_carrierrule")

    @action(
        description=gettext_lazy("Compare versions"), url_path="compare", icon="compare_arrows", permissions=["view"]
    )  # type: ignore[untyped-decorator]
    def compare(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show two versions side by side: this one and, unless another is chosen, the one before it."""
        rule = self._rule(request, object_id)
        versions = versions_of(rule)
        right = next(version for version in versions if version.pk == rule.pk)
        others = [version for version in versions if version.pk != rule.pk]
        before = next((version for version in others if version.version < right.version), None)
        left = _named(request, "with", rule) or before or next(iter(others), right)
        left = next(version for version in versions if version.pk == left.pk)
        older, newer = sorted((left, right), key=lambda version: version.version)
        context = {"chosen": left, "older": older, "newer": newer, "others": others, "lines": compare(older, newer)}
        return self._page(request, "compare", _("Compare versions"), rule, context)

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Copy as new version"),
        url_path="copy",
        icon="content_copy",
        permissions=["change_of_rules"],
    )
    def copy(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Open the form of the next version, filled with this one's values."""
        rule = self._rule(request, object_id)
        return redirect(f"{reverse(CHANGE, args=[versions_of(rule)[0].pk])}?from={rule.pk}")

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Restore this version"),
        url_path="restore",
        icon="settings_backup_restore",
        permissions=["change_of_rules"],
    )
    def restore(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let a former version hold again, as a new one."""
        rule = self._rule(request, object_id)
        latest = versions_of(rule)[0]
        form = RestoreForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                again = restore_version(
                    rule_id=rule.pk, reason=form.cleaned_data["reason"], actor=person_of(request), now=timezone.now()
                )
            except Refusal as refusal:
                _refuse(form, refusal)
            else:
                said = _("Version {former} holds again as version {version}, from {day} on.")
                day = again.effective_from.isoformat()
                messages.success(request, said.format(former=rule.version, version=again.version, day=day))
                return redirect(CHANGE, again.pk)
        context = {"form": form, "rule": rule, "latest": latest, "lines": compare(latest, rule)}
        return self._page(request, "restore", _("Restore this version"), rule, context)

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Attach its document"),
        url_path="document",
        icon="attach_file",
        permissions=["change_of_rules"],
    )
    def attach(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Keep the document that states a version's values with it."""
        rule = self._rule(request, object_id)
        form = DocumentForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["document"]
            try:
                prove_rule(rule_id=rule.pk, content=file, name=file.name, actor=person_of(request), now=timezone.now())
            except Refusal as refusal:
                _refuse(form, refusal)
            else:
                messages.success(request, _("The document is attached."))
                return redirect(CHANGE, rule.pk)
        context = {"form": form, "rule": rule}
        return self._page(request, "document", _("Attach its document"), rule, context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show who changed what and why, version by version."""
        rule = self._rule(request, object_id)
        changes = [
            (change, [(entry, describe(entry.action).label) for entry in change.deeds]) for change in history_of(rule)
        ]
        return self._page(request, "history", _("History"), rule, {"changes": changes, **(extra_context or {})})

    def _rule(self, request: HttpRequest, object_id: str) -> CarrierRule:
        if not object_id.isdigit():
            raise Http404
        rule = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not self.has_view_or_change_permission(request, rule):
            raise PermissionDenied
        return rule

    def _page(
        self, request: HttpRequest, name: str, title: str, rule: CarrierRule, context: dict[str, Any]
    ) -> HttpResponse:
        frame = {
            **self.admin_site.each_context(request),
            "title": f"{title}: {rule_words(rule)}",
            "opts": self.opts,
            "object": rule,
            "original": rule,
        }
        return TemplateResponse(request, f"lifecycle/rules/{name}.html", {**frame, **context})


def _named(request: HttpRequest, key: str, rule: CarrierRule) -> CarrierRule | None:
    """Return the version of the same rule that the address names."""
    asked = request.GET.get(key, "")
    return CarrierRule.objects.filter(lineage=rule.lineage, pk=asked).first() if asked.isdigit() else None


def _refuse(form: Form, refusal: Refusal) -> None:
    form.add_error(None, str(refusal))
    for reason in refusal.reasons:
        form.add_error(None, f"{reason.message} {reason.clears}".strip())
