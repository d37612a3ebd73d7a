"""The list of cases and the board of what they wait for; many assigned or escalated at once."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cardfleet.kernel.errors import BadInput, NotVisible, Refusal
from cardfleet.lists.asking import Asked, read
from cardfleet.lists.registry import Reader
from cardfleet.lists.views.page import ListPage
from lifecycle.choices import EscalationLevel
from lifecycle.forms.case_deeds import CaseDeedForm
from lifecycle.lists.cases import CASES
from lifecycle.models import Case
from lifecycle.playbooks.registry import WORK
from lifecycle.selectors.cases.columns import board_columns
from lifecycle.selectors.cases.progress import RELATED, rows_of
from lifecycle.selectors.watchers import handlers
from lifecycle.services.cases import assign, escalate
from lifecycle.views.access import person
from lifecycle.views.cases.access import CaseScopeView

LEVELS = [(level.value, level.label) for level in EscalationLevel if level]


class CasesView(ListPage):
    """Cases, filtered by the address; open ones where nothing else is asked."""

    listing = CASES
    template_name = "lifecycle/cases/list.html"

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return one page of cases with their next steps."""
        page = Paginator(asked.ordered(reader.now).select_related(*RELATED), asked.size).get_page(
            asked.query.get("page", "1")
        )
        handles = reader.person.has_perm(WORK)
        return {
            "rows": rows_of(list(page.object_list), now=reader.now),
            "page_obj": page,
            "handles": handles,
            "people": handlers(reader.person, right=WORK) if handles else (),
            "levels": LEVELS,
        }


class CaseBoardView(CaseScopeView):
    """Open cases in columns by what they wait for, narrowed by the same address as the list."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        asked = read(CASES, request.GET, person(request))
        now = timezone.now()
        context = {
            "asked": asked,
            "chips": list(asked.chips()),
            "everything": request.path,
            "columns": board_columns(asked.rows(now), now=now),
        }
        return render(request, "lifecycle/cases/board.html", context, status=400 if asked.faults else 200)


class CaseDeedsView(CaseScopeView):
    """Assign or escalate the cases that were ticked."""

    permission_required = WORK

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Lead back to the list; a sign-in on the way ends here."""
        return redirect("lifecycle:cases")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it case by case; say of each it could not be done with why."""
        form = CaseDeedForm(request.POST, people=handlers(person(request), right=WORK))
        if not form.is_valid():
            raise BadInput(message=_("Choose somebody, or a level with its reason."))
        picked = self.cases().filter(pk__in=form.cleaned_data["pick"]).select_related("card").order_by("pk")
        cases = {case.pk: case for case in picked}
        if not cases:
            raise NotVisible(message=_("Tick the cases first; none of yours was chosen."))
        refused = done_with(cases, self._deed(form))
        back = _back(request)
        if refused:
            rows = [(cases[pk], why) for pk, why in refused.items()]
            context = {"rows": rows, "done": len(cases) - len(refused), "back": back}
            return render(request, "lifecycle/cases/refusals.html", context, status=409)
        text = ngettext("Done with %(count)s case.", "Done with %(count)s cases.", len(cases))
        messages.success(request, text % {"count": len(cases)})
        return redirect(back)

    def _deed(self, form: CaseDeedForm) -> Callable[..., Any]:
        given = form.cleaned_data
        actor, now = person(self.request), timezone.now()
        if given["deed"] == "assign":
            return partial(assign, person=given["person"], actor=actor, now=now)
        return partial(escalate, level=int(given["level"]), reason=given["reason"], actor=actor, now=now)


def done_with(cases: Mapping[int, Case], deed: Callable[..., Any]) -> dict[int, Refusal]:
    """Do something with each case, each in a transaction of its own, and return why not with some."""
    refused: dict[int, Refusal] = {}
    for pk in cases:
        try:
            with transaction.atomic():
                deed(case_id=pk)
        except Refusal as refusal:
            refused[pk] = refusal
    return refused


def _back(request: HttpRequest) -> str:
    """Return the page that asked, where it is one of ours."""
    url = request.POST.get("next", "")
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) else "lifecycle:cases"
