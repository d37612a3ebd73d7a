"""Rule sets in the administration: given out as YAML, and brought in after a look at what would change (R2, R21)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason, Refusal, Text
from cards.models import CarrierRule
from lifecycle.forms.rules import RuleSetForm
from lifecycle.journal_actions import kind_words
from lifecycle.rules.replay import Replay
from lifecycle.selectors.replay import needs_records, replay
from lifecycle.services.rule_sets import SAME, Planned, export_rule_set, import_rule_set, plan_rule_set

SALT = "lifecycle.rule_set"
REPLAYED = 10
"""How many changed rules of a set are replayed while somebody waits."""
LIST = "admin:cards_carrierrule_changelist"


@dataclass(frozen=True)
class Row:
    """One rule of a set on the page: what it becomes, and what it would have hit where that is known at once."""

    planned: Planned
    kind: Text
    replay: Replay | None


class RuleSetAdmin(ServiceModelAdmin[CarrierRule]):
    """Import and export of rule sets."""

    actions_list = ("export_set", "import_set")

    def has_import_of_rules_permission(self, request: HttpRequest) -> bool:
        """Ask for the rights to write rules and to change them."""
        return request.user.has_perms(["cards.add_carrierrule", "cards.change_carrierrule"])

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Export as YAML"), url_path="export", icon="download", permissions=["view"]
    )
    def export_set(self, request: HttpRequest) -> HttpResponse:
        """Answer the rules in force today."""
        today = business_day(timezone.now())
        answer = HttpResponse(export_rule_set(day=today), content_type="application/yaml; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="rules-{today}.yaml"'
        return answer

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Import from YAML"),
        url_path="import",
        icon="upload",
        permissions=["import_of_rules"],
    )
    def import_set(self, request: HttpRequest) -> HttpResponse:
        """Show what a file would change, then write it."""
        today = business_day(timezone.now())
        form = RuleSetForm(request.POST or None, request.FILES or None, initial={"effective_from": today})
        context: dict[str, Any] = {"form": form, "faults": ()}
        if request.method == "POST" and form.is_valid():
            content = form.content()
            try:
                if _agreed(request, form, content):
                    counts = import_rule_set(
                        content=content,
                        effective_from=form.cleaned_data["effective_from"],
                        reason=form.cleaned_data["reason"],
                        actor=person_of(request),
                        now=timezone.now(),
                    )
                    said = _("Rules written: {new} new, {changed} changed, {same} the same.")
                    messages.success(request, said.format(**counts))
                    return redirect(LIST)
                context |= _preview(form, content)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                context["faults"] = [_placed(reason) for reason in refusal.reasons]
        frame = {**self.admin_site.each_context(request), "title": _("Import from YAML"), "opts": self.opts}
        return TemplateResponse(request, "lifecycle/rules/import.html", {**frame, **context})


def _preview(form: RuleSetForm, content: bytes) -> dict[str, Any]:
    """Return what a file would change, and the text that comes back with the answer."""
    start = form.cleaned_data["effective_from"]
    planned = plan_rule_set(content=content, effective_from=start)
    found: list[Row] = []
    for one in planned:
        wanted = one.state != SAME and sum(row.replay is not None for row in found) < REPLAYED
        found.append(Row(one, kind_words(one.kind), _replayed(one, start) if wanted else None))
    hits = _whole_fleet(found)
    seen = signing.dumps([_digest(form, content), hits], salt=SALT)
    changed = [row for row in found if row.planned.state != SAME]
    return {
        "rows": changed,
        "same": len(found) - len(changed),
        "hits": hits,
        "seen": seen,
        "text": content.decode("utf-8-sig"),
    }


def _replayed(one: Planned, start: Any) -> Replay | None:
    draft = one.draft(start)
    return None if needs_records(draft) else replay(draft, now=timezone.now())


def _whole_fleet(rows: Sequence[Row]) -> int:
    """Return how many cards are hit by the rule that hits most of a whole fleet; 0 where none does."""
    return max((row.replay.new_hit for row in rows if row.replay and row.replay.hits_whole_fleet), default=0)


def _agreed(request: HttpRequest, form: RuleSetForm, content: bytes) -> bool:
    """Whether this very file was looked at, and its number confirmed where it hits a whole fleet."""
    try:
        digest, hits = signing.loads(request.POST.get("_seen", ""), salt=SALT, max_age=86_400)
    except signing.BadSignature:
        return False
    return digest == _digest(form, content) and (not hits or request.POST.get("_confirmed", "").strip() == str(hits))


def _digest(form: RuleSetForm, content: bytes) -> str:
    text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    return hashlib.sha256(f"{form.cleaned_data['effective_from']}\n{text}".encode()).hexdigest()


def _placed(reason: Reason) -> tuple[int | None, str, str, str]:
    return reason.line, reason.column, reason.value, f"{reason.message} {reason.clears}".strip()
