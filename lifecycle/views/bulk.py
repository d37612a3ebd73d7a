"""Doing one thing to many cards: the question with the number of cards, then the job."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.errors import Refusal
from lifecycle.bulk.registry import BulkAction, BulkForm, action_named
from lifecycle.bulk.selection import Selection, named, selected
from lifecycle.bulk.starting import allowed_action, ask_bulk, count
from lifecycle.errors import SelectionChanged
from lifecycle.views.access import OfficeView, person

SAMPLE = 12


class BulkView(OfficeView):
    """One action: asks on GET how many cards it is about and what else it needs, starts its job on POST."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """Ask, about the cards that were ticked or all that match."""
        action = self.action(name)
        initial = action.form.of_list(QueryDict(request.GET.get("list", "")))
        return self.page(action, action.form(person=person(request), initial=initial), _chosen(request.GET))

    def post(self, request: HttpRequest, name: str) -> HttpResponse:
        """Start the job and show it; a form with errors or a number that changed comes back with the input."""
        action = self.action(name)
        selection = _agreed(request.POST)
        form = action.form(request.POST, person=person(request))
        if not form.is_valid():
            return self.page(action, form, selection, status=422)
        given = {field: request.POST.get(field, "") for field in form.fields}
        try:
            job = ask_bulk(action=action, selection=selection, given=given, actor=person(request), now=timezone.now())
        except SelectionChanged as refusal:
            return self.page(action, form, selection, status=refusal.status, refusal=refusal)
        enqueue(job)
        return redirect("jobs:detail", pk=job.pk)

    def action(self, name: str) -> BulkAction:
        """Return the action of the address; 404 for none, 403 for one the person has no right to."""
        if action_named(name) is None:
            raise Http404
        return allowed_action(name, person(self.request))

    def page(
        self,
        action: BulkAction,
        form: BulkForm,
        selection: Selection,
        *,
        status: int = 200,
        refusal: Refusal | None = None,
    ) -> HttpResponse:
        """Show the question: the number of cards, the first of them, and the fields."""
        who = person(self.request)
        cards = selected(selection, who)
        context: dict[str, Any] = {
            "action": action,
            "form": form,
            "number": count(selection, who),
            "sample": cards.select_related("carrier").order_by("pk")[:SAMPLE],
            "ids": ",".join(map(str, selection.ids)),
            "filter": selection.filter,
            "refusal": refusal,
        }
        return render(self.request, "lifecycle/fleet_bulk.html", context, status=status)


def _chosen(query: QueryDict) -> Selection:
    """Return what was chosen in the list."""
    if query.get("all"):
        return Selection(filter=query.get("filter", ""))
    return named(query.getlist("ids"))


def _agreed(form: QueryDict) -> Selection:
    """Return the cards of the question, with the number it named where they are those that match."""
    if "filter" not in form:
        return named(form.getlist("ids"))
    shown = form.get("shown", "")
    return Selection(filter=form.get("filter", ""), shown=int(shown) if shown.isdecimal() and len(shown) < 10 else -1)
