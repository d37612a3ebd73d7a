"""Counts by scanning: started, gone on with, settled, closed, printed (R7)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.forms.stocktakes import TakeForm
from agents.models import StockTake
from agents.selectors.stocktakes import counts, differences, latest_found
from agents.services.stocktakes import close_take, scan_cards, settle, start_take
from agents.views.access import AgentsView
from cardfleet.kernel.errors import Refusal
from cards.models import Card
from cards.querysets import CardQuerySet
from cards.rules.scans import read_scans

A_PAGE = 50
SHOWN = 100
LATEST = 10


class TakesView(AgentsView):
    """All counts, those that go on first."""

    permission_required = "agents.view_stocktake"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them; `?location=` chooses a place."""
        initial = {"location": request.GET.get("location"), "agent": request.GET.get("agent", "")}
        return self.page(TakeForm(agents=self.agents(), initial=initial))

    def takes(self) -> Any:
        """Return the counts in scope."""
        related = ("location", "agent__user", "started_by", "closed_by")
        return StockTake.objects.visible_to(self.person).select_related(*related)

    def cards(self) -> CardQuerySet:
        """Return the cards in scope."""
        return Card.objects.visible_to(self.person)

    def page(self, form: TakeForm, *, status: int = 200) -> HttpResponse:
        """Show them around the form."""
        listed = self.takes().order_by(F("closed_at").desc(nulls_first=True), "-pk")
        page = Paginator(listed, A_PAGE).get_page(self.request.GET.get("page"))
        return render(self.request, "agents/takes.html", {"page_obj": page, "form": form}, status=status)


class TakeStartView(TakesView):
    """Start a count, or go on with the one that is there."""

    permission_required = "agents.add_stocktake"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Lead to the counts; a sign-in on the way ends here."""
        return redirect("agents:takes")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start it."""
        form = TakeForm(request.POST, agents=self.agents())
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            take = start_take(**form.cleaned_data, cards=self.cards(), actor=self.person, now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self.page(form, status=refusal.status)
        return redirect("agents:take", take.pk)


class TakeView(TakesView):
    """One count: scan, see what differs, settle, print."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # type: ignore[override]
        """Show it."""
        return self.shown(self.take(pk))

    def take(self, pk: int) -> StockTake:
        """Return a count in scope; one outside is as if it were not."""
        found: StockTake | None = self.takes().filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def shown(self, take: StockTake, *, status: int = 200, **context: Any) -> HttpResponse:
        """Show the count."""
        rows = differences(take)
        context = {
            "take": take,
            "counts": counts(take),
            "page_obj": Paginator(rows, SHOWN).get_page(self.request.GET.get("page")),
            "latest": latest_found(take, limit=LATEST),
            **context,
        }
        part = getattr(self.request, "htmx", False) and self.request.method == "POST"
        name = "agents/take_body.html" if part else "agents/take.html"
        return render(self.request, name, context, status=status)


class TakeDeedView(TakeView):
    """Something done to a count; a GET shows the count."""

    permission_required = "agents.change_stocktake"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:  # type: ignore[override]
        """Lead back; a sign-in on the way ends here."""
        return redirect("agents:take", pk)


class TakeScanView(TakeDeedView):
    """Enter scans."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Enter them, and tell of each what it means."""
        take = self.take(pk)
        scans = read_scans(request.POST.get("scans", ""))[:SHOWN]
        outcomes = scan_cards(take_id=pk, scans=scans, cards=self.cards(), actor=self.person, now=timezone.now())
        return self.shown(take, outcomes=outcomes)


class TakeSettleView(TakeDeedView):
    """Settle differences, one or all."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Settle the row named, or all that are open."""
        take = self.take(pk)
        row = request.POST.get("row", "")
        ids = [int(row)] if row.isdigit() else None
        try:
            done = settle(take_id=pk, row_ids=ids, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            return self.shown(take, refusal=refusal, status=refusal.status)
        count = sum(done.values())
        said = ngettext("%(count)s difference is settled.", "%(count)s differences are settled.", count)
        messages.success(request, said % {"count": count})
        return redirect("agents:take", pk)


class TakeCloseView(TakeDeedView):
    """Close a count."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Close it, or say what is open."""
        take = self.take(pk)
        try:
            close_take(take_id=pk, reason=request.POST.get("reason", "")[:500], actor=self.person, now=timezone.now())
        except Refusal as refusal:
            return self.shown(take, refusal=refusal, status=refusal.status)
        messages.success(request, _("The stock-take is closed."))
        return redirect("agents:take", pk)
