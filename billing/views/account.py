"""An account: its balance beside the carrier's, what lies between them, and how long the money lasts (R29)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.choices import DifferenceCause
from billing.forms.differences import ExplanationForm
from billing.models import Account
from billing.rules.burn_down import BurnDown
from billing.selectors.differences import burn_of, difference_of
from billing.services.differences import explain_difference
from billing.views.access import MoneyView, person
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.ui import Chart


class AccountView(MoneyView):
    """One account."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.shown(request, self.account(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what the difference is."""
        if not request.user.has_perm("billing.add_balanceexplanation"):
            return self.handle_no_permission()
        account = self.account(pk)
        found = difference_of(account)
        form = ExplanationForm(request.POST, account=account)
        if found is None or not form.is_valid():
            return self.shown(request, account, form=form, status=422)
        given = {**form.cleaned_data, "cause": DifferenceCause(form.cleaned_data["cause"])}
        try:
            explain_difference(
                reading=found.reading, amount=found.amount, actor=person(request), now=timezone.now(), **given
            )
        except Refusal as refusal:
            return self.shown(request, account, form=form, refusal=refusal, status=refusal.status)
        messages.success(request, _("The difference is explained."))
        return redirect("billing:account", pk)

    def account(self, pk: int) -> Account:
        """Return an account in scope; one outside is as if it were not."""
        account = Account.objects.visible_to(person(self.request)).select_related("carrier").filter(pk=pk).first()
        if account is None:
            raise Http404
        return account

    def shown(
        self,
        request: HttpRequest,
        account: Account,
        *,
        form: ExplanationForm | None = None,
        refusal: Refusal | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """Return the page."""
        found = difference_of(account)
        burn = burn_of(account, found, today=business_day(timezone.now()))
        context = {
            "account": account,
            "found": found,
            "burn": burn,
            "chart": burn_chart(burn),
            "form": form or ExplanationForm(account=account),
            "refusal": refusal,
        }
        return render(request, "billing/account.html", context, status=status)


def burn_chart(burn: BurnDown) -> Chart:
    """Return what is left by day as a line."""
    return Chart(
        id="burn-down",
        title=_("What is left at the end of the day"),
        option={
            "tooltip": {"trigger": "axis"},
            "xAxis": {"type": "category", "data": [f"{day:%m-%d}" for day, _left in burn.left]},
            "yAxis": {"type": "value"},
            "series": [
                {
                    "type": "line",
                    "showSymbol": False,
                    "data": [float(left) for _day, left in burn.left],
                    "itemStyle": {"color": "tone:red" if burn.ends_on else "tone:blue"},
                }
            ],
        },
        heads=[_("Day"), _("Left (CNY)")],
        rows=[[f"{day:%Y-%m-%d}", f"{left:,.2f}"] for day, left in burn.left],
    )
