"""The register of laws and contracts, their reviews, and the impact assessments."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from lifecycle.forms.desk import LawReviewForm
from lifecycle.models import ImpactAssessment, Law
from lifecycle.services.desk.laws import review_law
from lifecycle.views.access import OfficeView, person

HALF_A_YEAR = timedelta(days=182)


class LawsView(OfficeView):
    """What must be obeyed, and when each text is read again; assessments for those at the desk."""

    permission_required = "lifecycle.view_law"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        sees = request.user.has_perm("lifecycle.view_impactassessment")
        context = {
            "laws": Law.objects.filter(is_active=True).select_related("owner", "contract"),
            "ended": Law.objects.filter(is_active=False),
            "assessments": ImpactAssessment.objects.select_related("assessed_by") if sees else (),
            "today": business_day(timezone.now()),
        }
        return render(request, "lifecycle/desk/laws.html", context)


class LawView(OfficeView):
    """One text with the log of its changes, and the form for a review."""

    permission_required = "lifecycle.view_law"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        form = LawReviewForm(initial={"next_on": business_day(timezone.now()) + HALF_A_YEAR})
        return self.page(pk, form)

    def page(self, pk: int, form: LawReviewForm, *, status: int = 200) -> HttpResponse:
        """Show it with a form."""
        law = get_object_or_404(Law.objects.select_related("owner", "contract"), pk=pk)
        context = {
            "law": law,
            "reviews": law.reviews.select_related("by"),
            "form": form,
            "today": business_day(timezone.now()),
        }
        return render(self.request, "lifecycle/desk/law.html", context, status=status)


class LawReviewView(LawView):
    """Record a review."""

    permission_required = "lifecycle.change_law"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it, or say what does not fit."""
        form = LawReviewForm(request.POST)
        if not form.is_valid():
            return self.page(pk, form, status=422)
        try:
            review_law(law_id=pk, **form.cleaned_data, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(pk, form, status=refusal.status)
        messages.success(request, _("The review is recorded."))
        return redirect("lifecycle:law", pk=pk)
