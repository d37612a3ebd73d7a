"""What an agent sees of their own work, and signs (R68, R69, R70)."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from agents.services.appraisals import sign_appraisal
from cardfleet.kernel.clock import business_day, month_start, next_month
from cardfleet.kernel.errors import Refusal
from lifecycle.forms.performance import month_of
from lifecycle.selectors.my_month import my_month
from lifecycle.views.access import person


class MyPerformanceView(PermissionRequiredMixin, View):
    """One's own month and today's plan; nobody else's."""

    permission_required = "lifecycle.view_my_cards"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.page()

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page; empty for who is no agent."""
        today = business_day(timezone.now())
        month = month_of(self.request.GET.get("month", ""), today=today)
        mine = my_month(person(self.request), month=month, today=today)
        after = next_month(month)
        context |= {
            **(vars(mine) if mine else {}),
            "month": month,
            "before": month_start(month - timedelta(days=1)),
            "after": after if after <= today else None,
        }
        return render(self.request, "lifecycle/my_performance.html", context, status=status)


class SignAppraisalView(MyPerformanceView):
    """Sign one's own appraisal."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sign it by name, with a comment or without."""
        name = request.POST.get("signed_name", "")[:80]
        comment = request.POST.get("comment", "")[:4000]
        try:
            signed = sign_appraisal(
                appraisal_id=pk, comment=comment, signed_name=name, actor=person(request), now=timezone.now()
            )
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            return self.page(status=refusal.status, refusal=refusal, tried=pk)
        messages.success(request, _("You signed the appraisal."))
        return redirect(f"{reverse('lifecycle:my-performance')}?month={signed.month:%Y-%m}")
