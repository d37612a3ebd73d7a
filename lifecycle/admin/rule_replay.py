"""Saving a rule shows first what it would have hit over the last 30 days (design, section 6; R2, R21)."""

import hashlib
import json
from typing import Any

from django.core import signing
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cardfleet.accounts.access import person_of
from cardfleet.jobs.dispatch import enqueue
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import start_job
from cardfleet.kernel.admin import ServiceModelAdmin
from cardfleet.kernel.errors import BadInput, Reason, Refusal
from cards.models import CarrierRule
from lifecycle.rules.replay import Draft, Replay
from lifecycle.selectors.replay import needs_records, numbers_of, replay
from lifecycle.tasks import REPLAY

SALT = "lifecycle.replay"
SHOWN, CONFIRMED, REPLAYED_BY = "_shown", "_confirmed", "_job"
NOT_KEPT = ("csrfmiddlewaretoken", SHOWN, CONFIRMED, REPLAYED_BY)
A_DAY_S = 86_400
REFRESH_S = 1


class ReplayFirst(Refusal):
    """What it would have hit was not looked at yet."""

    code = "replay_first"
    sentence = gettext_lazy("Not saved yet. See above what this would have hit, then save again.")


class RecordsFirst(Exception):
    """The calls themselves have to be read, which takes longer than a page."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft


class ReplayingAdmin(ServiceModelAdmin[CarrierRule]):
    """Shows a replay before it saves; one on the records is a job whose page leads back to the form."""

    change_form_before_template = "lifecycle/rules/replay.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the page of a replay on the records."""
        page = self.admin_site.admin_view(self.replay_view)
        urls: list[URLPattern] = super().get_urls()
        return [path("replay/<int:job_id>/", page, name="cards_carrierrule_replay"), *urls]

    def save_form(self, request: HttpRequest, form: "ModelForm[CarrierRule]", change: bool) -> CarrierRule:  # noqa: FBT001 - Django's
        """Save what was replayed; else replay it, and say so."""
        if form.changes_what_is_found():  # type: ignore[attr-defined]
            _refuse_unseen(request, form.draft())  # type: ignore[attr-defined]
        return super().save_form(request, form, change)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the form; where the records have to be read, ask for that and show how far it is."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except RecordsFirst as first:
            kept = [[name, value] for name, values in request.POST.lists() for value in values if name not in NOT_KEPT]
            job = start_job(
                kind=REPLAY,
                owner=person_of(request),
                now=timezone.now(),
                params={"draft": first.draft.as_json(), "form": kept, "rule": object_id},
            )
            enqueue(job)
            return redirect("admin:cards_carrierrule_replay", job.pk)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Show the version as it is stored, and the replay, above the form."""
        if context["original"] is not None:
            context["stored"] = CarrierRule.objects.select_related("document").get(pk=context["original"].pk)
        found: Replay | None = getattr(request, "replayed", None)
        if found is not None:
            context |= {"replay": found, **told(found), "shown": getattr(request, "shown", "")}
        return super().render_change_form(request, context, *args, **kwargs)

    def replay_view(self, request: HttpRequest, job_id: int) -> HttpResponse:
        """Show how far a replay on the records is, and when it is done the way back to the form."""
        job = Job.objects.visible_to(person_of(request)).filter(pk=job_id, kind=REPLAY).first()
        if job is None:
            raise Http404
        rule = job.params["rule"]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Replay on the calls"),
            "opts": self.opts,
            "job": job,
            "kept": job.params["form"],
            "form_url": reverse("admin:cards_carrierrule_change", args=[rule])
            if rule
            else reverse("admin:cards_carrierrule_add"),
        }
        response = TemplateResponse(request, "lifecycle/rules/replay_job.html", context)
        if not job.ended:
            response["Refresh"] = str(REFRESH_S)
        return response


def _refuse_unseen(request: HttpRequest, draft: Draft) -> None:
    """Refuse a draft whose replay was not shown yet, or that hits the whole fleet and was not confirmed."""
    found = _shown(request, draft)
    if found is None:
        found = _of_job(request, draft) or _found_now(draft)
        _show(request, draft, found)
        raise ReplayFirst
    if found.hits_whole_fleet and request.POST.get(CONFIRMED, "").strip() != str(found.new_hit):
        _show(request, draft, found)
        raise BadInput(reasons=[_whole_fleet(found)])


def _found_now(draft: Draft) -> Replay:
    if needs_records(draft):
        raise RecordsFirst(draft)
    return replay(draft, now=timezone.now())


def _show(request: HttpRequest, draft: Draft, found: Replay) -> None:
    request.replayed = found  # type: ignore[attr-defined]
    request.shown = signing.dumps([_digest(draft), found.as_json()], salt=SALT, compress=True)  # type: ignore[attr-defined]


def _shown(request: HttpRequest, draft: Draft) -> Replay | None:
    """Return the replay that the page showed of this very draft; None where it was another, or none."""
    try:
        digest, kept = signing.loads(request.POST.get(SHOWN, ""), salt=SALT, max_age=A_DAY_S)
    except signing.BadSignature:
        return None
    return Replay.from_json(kept) if digest == _digest(draft) else None


def _of_job(request: HttpRequest, draft: Draft) -> Replay | None:
    """Return what a job found of this very draft."""
    asked = request.POST.get(REPLAYED_BY, "")
    job = Job.objects.visible_to(person_of(request)).filter(pk=asked, kind=REPLAY).first() if asked.isdigit() else None
    if job is None or "cards" not in job.summary:
        return None
    return Replay.from_json(job.summary) if _digest(Draft.from_json(job.params["draft"])) == _digest(draft) else None


def _digest(draft: Draft) -> str:
    said = json.dumps(draft.as_json(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _whole_fleet(found: Replay) -> Reason:
    said = gettext_lazy("This would have hit {hits} of the {cards} cards it holds for.")
    return Reason(
        code="hits_whole_fleet",
        message=format_lazy(said, hits=found.new_hit, cards=found.cards),
        clears=format_lazy(gettext_lazy("Type {hits} above to confirm that it is meant."), hits=found.new_hit),
        value=str(found.new_hit),
    )


def told(found: Replay) -> dict[str, Any]:
    """Return what the panel shows beside the counts: the example cards with masked numbers."""
    return {"gained": numbers_of(found.gained), "lost": numbers_of(found.lost)}
