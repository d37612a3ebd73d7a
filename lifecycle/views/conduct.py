"""The registers of what is said against numbers: complaints, notifications, marks, and the contract's lines."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from lifecycle.forms.conduct import ComplaintForm, MarkForm, TakeBackForm
from lifecycle.models import Complaint, NumberMark
from lifecycle.rules.notified import period_of
from lifecycle.selectors.notified_rates import notified_rates
from lifecycle.services.complaints import record_complaint, take_back
from lifecycle.services.marks import end_mark, record_mark
from lifecycle.views.access import OfficeView, person

SHOWN = 50


class ConductPage(OfficeView):
    """The page of the registers, whatever is entered on it."""

    permission_required = "lifecycle.view_complaint"

    def page(self, *, status: int = 200, **shown: Any) -> HttpResponse:
        """Show rates, the latest rows and the forms, one of which may hold what was typed."""
        today, who = business_day(timezone.now()), person(self.request)
        related = ("card__carrier", "card__holder", "recorded_by", "reversed_by", "reverses")
        marks = NumberMark.objects.visible_to(who).select_related("card__carrier", "recorded_by")
        context = {
            "period": period_of(today),
            "rates": notified_rates(today),
            "complaints": Complaint.objects.visible_to(who).select_related(*related).order_by("-pk")[:SHOWN],
            "marks": marks.order_by("ended_on", "-pk")[:SHOWN],
            "complaint_form": ComplaintForm(cards=self.cards()),
            "mark_form": MarkForm(cards=self.cards(), initial={"marked_on": today}),
            "shown": SHOWN,
            **shown,
        }
        return render(self.request, "lifecycle/conduct.html", context, status=status)


class ConductView(ConductPage):
    """The registers."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.page()


class ComplaintView(ConductPage):
    """Record a complaint or a notification."""

    permission_required = "lifecycle.add_complaint"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record it."""
        form = ComplaintForm(request.POST, cards=self.cards())
        if not form.is_valid():
            return self.page(complaint_form=form, status=422)
        given = form.cleaned_data
        about = {"card_id": given.pop("card").pk, "is_valid": given.pop("valid")}
        try:
            record_complaint(**about, **given, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(complaint_form=form, status=refusal.status)
        messages.success(request, _("Recorded. It counts from now on."))
        return redirect("lifecycle:conduct")


class TakeBackView(ConductPage):
    """Take back a row recorded by mistake."""

    permission_required = "lifecycle.add_complaint"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write the row that reverses it."""
        if not Complaint.objects.visible_to(person(request)).filter(pk=pk).exists():
            raise Http404
        form = TakeBackForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Say why it was a mistake."))
            return redirect("lifecycle:conduct")
        take_back(complaint_id=pk, reason=form.cleaned_data["reason"], actor=person(request), now=timezone.now())
        messages.success(request, _("Taken back; neither row counts."))
        return redirect("lifecycle:conduct")


class MarkView(ConductPage):
    """Record that a platform marks a number."""

    permission_required = "lifecycle.add_numbermark"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record it."""
        form = MarkForm(request.POST, cards=self.cards())
        if not form.is_valid():
            return self.page(mark_form=form, status=422)
        given = form.cleaned_data
        try:
            record_mark(card_id=given.pop("card").pk, actor=person(request), now=timezone.now(), **given)
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(mark_form=form, status=refusal.status)
        messages.success(request, _("The mark is recorded."))
        return redirect("lifecycle:conduct")


class MarkEndView(ConductPage):
    """Record that a mark is gone."""

    permission_required = "lifecycle.change_numbermark"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End it today."""
        if not NumberMark.objects.visible_to(person(request)).filter(pk=pk).exists():
            raise Http404
        now = timezone.now()
        end_mark(mark_id=pk, ended_on=business_day(now), actor=person(request), now=now)
        messages.success(request, _("The mark has ended."))
        return redirect("lifecycle:conduct")
