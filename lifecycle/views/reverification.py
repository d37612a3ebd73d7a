"""The clocks of re-verification: which cards the carrier stops when, unless their registrants verify."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from lifecycle.forms.conduct import NoticeForm
from lifecycle.models import Reverification
from lifecycle.services.cases.verifying import verified
from lifecycle.services.reverification import record_notice
from lifecycle.views.access import OfficeView, person

SHOWN = 100
DONE_SHOWN = 20


class ReverificationPage(OfficeView):
    """The page of the clocks, whatever is entered on it."""

    permission_required = "lifecycle.view_reverification"

    def page(self, *, status: int = 200, **shown: Any) -> HttpResponse:
        """Show the running clocks, the nearest first, and the form."""
        related = ("card__carrier", "card__holder", "card__registrant", "recorded_by", "done_by")
        clocks = Reverification.objects.visible_to(person(self.request)).select_related(*related)
        context = {
            "running": clocks.open().order_by("due_at", "pk")[:SHOWN],
            "done": clocks.filter(done_at__isnull=False).order_by("-done_at")[:DONE_SHOWN],
            "form": NoticeForm(cards=self.cards()),
            "now": timezone.now(),
            **shown,
        }
        return render(self.request, "lifecycle/reverification.html", context, status=status)


class ReverificationView(ReverificationPage):
    """The clocks."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.page()


class NoticeView(ReverificationPage):
    """Record a carrier's notice."""

    permission_required = "lifecycle.add_reverification"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start the clocks."""
        form = NoticeForm(request.POST, cards=self.cards())
        if not form.is_valid():
            return self.page(form=form, status=422)
        given = form.cleaned_data
        ids = [card.pk for card in given.pop("cards")]
        try:
            noticed = record_notice(card_ids=ids, actor=person(request), now=timezone.now(), **given)
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form=form, status=refusal.status)
        count = len(noticed.started)
        said = ngettext("%(count)s clock runs.", "%(count)s clocks run.", count) % {"count": count}
        if noticed.running:
            said += " " + _("%(count)s cards had one running already.") % {"count": noticed.running}
        messages.success(request, said)
        return redirect("lifecycle:reverification")


class VerifiedView(ReverificationPage):
    """Confirm that a registrant has verified."""

    permission_required = "lifecycle.change_reverification"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stop the clock."""
        if not Reverification.objects.visible_to(person(request)).filter(pk=pk).exists():
            raise Http404
        verified(reverification_id=pk, actor=person(request), now=timezone.now())
        messages.success(request, _("Done: the clock has stopped."))
        return redirect("lifecycle:reverification")
