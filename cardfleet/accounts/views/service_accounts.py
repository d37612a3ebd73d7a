"""Accounts of programs: made, and passed on to somebody else who answers for them."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Count, Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from cardfleet.accounts.access import freshly_signed_in, person_of
from cardfleet.accounts.forms import OwnerForm, ServiceAccountForm
from cardfleet.accounts.models import User
from cardfleet.accounts.services.service_accounts import create_service_account, pass_service_account
from cardfleet.kernel.errors import NotVisible, Refusal
from cardfleet.kernel.forms import add_refusal


class AccountsView(PermissionRequiredMixin, View):
    """A page about the accounts of programs."""

    permission_required = "accounts.add_user"


class ListView(AccountsView):
    """All of them, and a form to make one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        del request
        return self.page(ServiceAccountForm())

    @method_decorator(freshly_signed_in)
    def post(self, request: HttpRequest) -> HttpResponse:
        """Make one, with roles of its own, for somebody who has just signed in."""
        form = ServiceAccountForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            create_service_account(**form.facts(), actor=person_of(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=422)
        messages.success(request, _("Made. Issue it a token now."))
        return redirect("accounts:services")

    def page(self, form: Form, *, status: int = 200) -> HttpResponse:
        """Return the page around a form."""
        working = Count("auth_token_set", filter=Q(auth_token_set__expiry__gt=timezone.now()))
        rows = User.objects.services().select_related("owner").prefetch_related("groups").annotate(tokens=working)
        context = {"rows": rows.order_by("-is_active", "name", "pk"), "form": form}
        return render(self.request, "accounts/service_accounts.html", context, status=status)


class OwnerView(AccountsView):
    """Who answers for one."""

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Ask who shall."""
        return self.page(self.account(pk), OwnerForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Pass it on."""
        return self.pass_on(request, self.account(pk))

    @method_decorator(freshly_signed_in)
    def pass_on(self, request: HttpRequest, account: User) -> HttpResponse:
        """Pass it on, by somebody who has just signed in."""
        form = OwnerForm(request.POST)
        if not form.is_valid():
            return self.page(account, form, status=422)
        owner = form.cleaned_data["owner"]
        pass_service_account(account_id=account.pk, owner=owner, actor=person_of(request), now=timezone.now())
        messages.success(request, _("{person} answers for it now.").format(person=owner))
        return redirect("accounts:services")

    def account(self, pk: int) -> User:
        """Return the account; NotVisible."""
        account: User | None = User.objects.services().filter(pk=pk).first()
        if account is None:
            raise NotVisible
        return account

    def page(self, account: User, form: Form, *, status: int = 200) -> HttpResponse:
        """Return the page around a form."""
        return render(self.request, "accounts/service_owner.html", {"account": account, "form": form}, status=status)
