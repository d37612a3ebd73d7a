"""Who stands in for whom: what supervisors lend one another for some days (R12)."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from cardfleet.accounts.access import freshly_signed_in, person_of
from cardfleet.accounts.forms import DelegationForm
from cardfleet.accounts.models import Delegation
from cardfleet.accounts.services.delegations import delegate, end_delegation
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible, Refusal
from cardfleet.kernel.forms import add_refusal

SHOWN = 100


class LentView(PermissionRequiredMixin, View):
    """A page about what is lent."""

    permission_required = "accounts.view_delegation"

    def lent(self) -> QuerySet[Delegation]:
        """Return what the person may see of it."""
        found: QuerySet[Delegation] = Delegation.objects.visible_to(person_of(self.request))
        return found.select_related("giver", "receiver", "team")


class DelegationsView(LentView):
    """What is lent, and a form to lend."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        return self.page(self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Lend."""
        if not self.may_lend():
            raise PermissionDenied
        return self.lend(request)

    @method_decorator(freshly_signed_in)
    def lend(self, request: HttpRequest) -> HttpResponse:
        """Lend, for somebody who has just signed in."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            delegate(**form.facts(), actor=person_of(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=422)
        messages.success(request, _("Lent. It ends by itself."))
        return redirect("accounts:delegations")

    def may_lend(self) -> bool:
        """Tell whether the person lends, or sees only what is lent."""
        return person_of(self.request).has_perm("accounts.delegate_scope")

    def form(self, data: object = None) -> DelegationForm:
        """Return the form to lend."""
        return DelegationForm(data, person=person_of(self.request), today=business_day(timezone.now()))

    def page(self, form: DelegationForm, *, status: int = 200) -> HttpResponse:
        """Return the page around a form."""
        rows = list(self.lent()[:SHOWN])
        holding = Delegation.objects.running().filter(pk__in=[lent.pk for lent in rows])
        context = {
            "rows": rows,
            "running": set(holding.values_list("pk", flat=True)),
            "form": form if self.may_lend() else None,
            "now": timezone.now(),
        }
        return render(self.request, "accounts/delegations.html", context, status=status)


class EndView(LentView):
    """Its end before the time."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End it."""
        if not self.lent().filter(pk=pk).exists():
            raise NotVisible
        end_delegation(delegation_id=pk, actor=person_of(request), now=timezone.now())
        messages.success(request, _("Ended."))
        return redirect("accounts:delegations")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead back to the page."""
        return redirect("accounts:delegations")
