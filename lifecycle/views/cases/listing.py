"""The list of cases and the board of what they wait for; many assigned or escalated at once."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cardfleet.kernel.errors import BadInput, NotVisible
from cardfleet.lists.asking import Asked, read, read_usable
from cardfleet.lists.registry import Reader
from cardfleet.lists.views.page import ListPage
from lifecycle.choices import EscalationLevel
from lifecycle.forms.case_deeds import CaseDeedForm
from lifecycle.lists.cases import CASES
from lifecycle.playbooks.registry import WORK
from lifecycle.selectors.cases.columns import board_columns
from lifecycle.selectors.cases.progress import RELATED, rows_of
from lifecycle.selectors.watchers import handlers
from lifecycle.services.cases import assign_many, escalate_many
from lifecycle.services.cases.handling import Handled
from lifecycle.views.access import person
from lifecycle.views.cases.access import CaseScopeView

MOST_AT_ONCE = 5000
REFUSALS_SHOWN = 200
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
    """Assign or escalate the cases that were ticked, or all that the list shows."""

    permission_required = WORK

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Lead back to the list; a sign-in on the way ends here."""
        return redirect("lifecycle:cases")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it; say of each case it could not be done with why."""
        form = CaseDeedForm(request.POST, people=handlers(person(request), right=WORK))
        if not form.is_valid():
            raise BadInput(message=_("Choose somebody, or a level with its reason."))
        seen = list(self.cases().filter(pk__in=self._asked_for(form)).values_list("pk", flat=True))
        if not seen:
            raise NotVisible(message=_("Tick the cases first; none of yours was chosen."))
        handled, back = self._deed(form)(case_ids=seen), _back(request)
        if handled.refused:
            named = self.cases().select_related("card").in_bulk(list(handled.refused)[:REFUSALS_SHOWN])
            rows = [(case, handled.refused[pk]) for pk, case in sorted(named.items())]
            context = {"rows": rows, "done": len(handled.done), "back": back}
            return render(request, "lifecycle/cases/refusals.html", context, status=409)
        text = ngettext("Done with %(count)s case.", "Done with %(count)s cases.", len(seen))
        messages.success(request, text % {"count": len(seen)})
        return redirect(back)

    def _asked_for(self, form: CaseDeedForm) -> Sequence[int]:
        """Return the ids of the cases that were ticked, or of all that the list shows."""
        if not form.cleaned_data["all_found"]:
            return list(form.cleaned_data["pick"])
        found = read_usable(CASES, self.request.GET, person(self.request)).rows(timezone.now())
        return list(found.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])

    def _deed(self, form: CaseDeedForm) -> Callable[..., Handled]:
        given = form.cleaned_data
        actor, now = person(self.request), timezone.now()
        if given["deed"] == "assign":
            return partial(assign_many, person=given["person"], actor=actor, now=now)
        return partial(escalate_many, level=int(given["level"]), reason=given["reason"], actor=actor, now=now)


def _back(request: HttpRequest) -> str:
    """Return the page that asked, where it is one of ours."""
    url = request.POST.get("next", "")
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) else "lifecycle:cases"
