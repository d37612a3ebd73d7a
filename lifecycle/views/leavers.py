"""Those who leave: the list, and the page on which a leaving is wound up (R76)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.choices import LeavingTaskKind
from agents.forms import ReasonForm
from agents.lists import LEAVERS
from agents.models import Leaving, LeavingTask
from agents.services.leaving import withdraw_notice
from cardfleet.accounts.access import person_of
from cardfleet.kernel.errors import NotVisible, Refusal
from cardfleet.lists.asking import Asked
from cardfleet.lists.registry import Reader
from cardfleet.lists.views.page import ListPage
from cards.models import Card
from lifecycle.selectors.leavers import leaver_page
from lifecycle.services.leavers import complete_leaver_task, finish_leaving, open_leaver_cases
from lifecycle.views.access import OfficeView


class LeaversView(ListPage):
    """Leavers, filtered by the address; those that go on where nothing else is asked."""

    listing = LEAVERS
    template_name = "lifecycle/leavers.html"

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return one page of leavings with what is left."""
        leavings = asked.ordered(reader.now).select_related("agent__user__team")
        page = Paginator(leavings, asked.size).get_page(asked.query.get("page", "1"))
        return {"rows": list(page.object_list), "page_obj": page}


class LeaverScopeView(OfficeView):
    """A page about one leaving of somebody in scope."""

    permission_required = "agents.change_leaving"

    def leaving_or_404(self, pk: int) -> Leaving:
        """Return a leaving in scope; one outside is as if it were not."""
        found = Leaving.objects.visible_to(person_of(self.request)).filter(pk=pk)
        leaving = found.select_related("agent__user__team", "noticed_by", "finished_by").first()
        if leaving is None:
            raise Http404
        return leaving

    def page(self, pk: int, *, refusal: Refusal | None = None) -> HttpResponse:
        """Show it, with what was refused."""
        page = leaver_page(self.leaving_or_404(pk), now=timezone.now())
        context = {"page": page, "refusal": refusal, "reason_form": ReasonForm(auto_id=False)}
        status = refusal.status if refusal else 200
        return render(self.request, "lifecycle/leaver.html", context, status=status)


class LeaverView(LeaverScopeView):
    """What is wound up and what is left."""

    permission_required = "agents.view_leaving"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.page(pk)


class LeaverTaskView(LeaverScopeView):
    """Say that something is wound up, and how."""

    def post(self, request: HttpRequest, pk: int, task: int) -> HttpResponse:
        """Record it."""
        leaving = self.leaving_or_404(pk)
        if not LeavingTask.objects.filter(leaving=leaving, pk=task).exists():
            raise Http404
        note = request.POST.get("note", "")
        try:
            complete_leaver_task(leaving_id=pk, task_id=task, note=note, actor=person_of(request), now=timezone.now())
        except Refusal as refusal:
            return self.page(pk, refusal=refusal)
        return redirect("lifecycle:leaver", pk)


class LeaverCasesView(LeaverScopeView):
    """Open on the ticked cards what gives them another user or ends them."""

    permission_required = "lifecycle.open_case"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Open the cases; say of each card on which that is refused why."""
        leaving, person, now = self.leaving_or_404(pk), person_of(request), timezone.now()
        picked = [int(card) for card in request.POST.getlist("pick") if card.isdecimal()]
        mine = LeavingTask.objects.undone().filter(leaving=leaving, kind=LeavingTaskKind.USER, card__in=picked)
        cards = list(self.cards().filter(pk__in=mine.values("card")).order_by().values_list("pk", flat=True))
        if not cards:
            return self.page(pk, refusal=NotVisible(message=_("Tick the cards first; none of yours was chosen.")))
        cancel = request.POST.get("deed") == "cancel"
        opened = open_leaver_cases(leaving=leaving, card_ids=cards, cancel=cancel, actor=person, now=now)
        count = len(opened.cases)
        if count:
            text = ngettext("%(count)s case is opened.", "%(count)s cases are opened.", count)
            messages.success(request, text % {"count": count})
        for card in Card.objects.filter(pk__in=opened.refused).order_by("pk"):
            why = " ".join(str(reason.message) for reason in opened.refused[card.pk])
            messages.error(request, f"{card.masked_msisdn}: {why}")
        return redirect("lifecycle:leaver", pk)


class LeaverFinishView(LeaverScopeView):
    """Close a leaving that is wound up."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Close it, or name what is left."""
        self.leaving_or_404(pk)
        try:
            finish_leaving(leaving_id=pk, actor=person_of(request), now=timezone.now())
        except Refusal as refusal:
            return self.page(pk, refusal=refusal)
        messages.success(request, _("The leaving is wound up."))
        return redirect("lifecycle:leaver", pk)


class LeaverWithdrawView(LeaverScopeView):
    """Take a notice back: they stay."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it back."""
        self.leaving_or_404(pk)
        reason = request.POST.get("reason", "")
        try:
            withdraw_notice(leaving_id=pk, reason=reason, actor=person_of(request), now=timezone.now())
        except Refusal as refusal:
            return self.page(pk, refusal=refusal)
        messages.success(request, _("The notice is taken back."))
        return redirect("lifecycle:leaver", pk)
