"""How long data is kept, and the erasure of a person."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from billing.models import RetentionRule
from billing.services.retention import RIGHT as MAY_SET
from billing.services.retention import confirm_retention
from cardfleet.accounts.access import freshly_signed_in, is_fresh
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from lifecycle.forms.secrets import RevealForm
from lifecycle.selectors.erasure import erasure_page
from lifecycle.selectors.retention import retention_page
from lifecycle.services.erasure import RIGHT as MAY_ERASE
from lifecycle.services.erasure import erase_person
from lifecycle.views.access import person
from lifecycle.views.desk.access import DeskPage


class RetentionView(DeskPage):
    """The one list of what is kept how long, with what would go."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show it."""
        return self.shown()

    def shown(self, refusal: Refusal | None = None) -> HttpResponse:
        """Show it, with what was refused."""
        context = {"page": retention_page(now=timezone.now()), "refusal": refusal, "form": RevealForm(auto_id=False)}
        return render(self.request, "lifecycle/desk/retention.html", context, status=refusal.status if refusal else 200)


class RetentionConfirmView(RetentionView):
    """Let a run that asked take what it asked for."""

    permission_required = MAY_SET
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Confirm it."""
        if not RetentionRule.objects.filter(pk=pk).exists():
            raise Http404
        reason, now = request.POST.get("reason", ""), timezone.now()
        try:
            confirm_retention(rule_id=pk, on=business_day(now), reason=reason, actor=person(request), now=now)
        except Refusal as refusal:
            return self.shown(refusal)
        messages.success(request, _("Confirmed. The next run takes it."))
        return redirect("lifecycle:retention")


@method_decorator(never_cache, name="dispatch")
class EraseView(DeskPage):
    """What the erasure of a person would change and what stays; done after a fresh sign-in, with a reason."""

    permission_required = MAY_ERASE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it to somebody who has just signed in."""
        return self.ask(request, self.person_or_404(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Erase. Where the sign-in is no longer fresh it is asked for again, and the question put anew."""
        somebody, form = self.person_or_404(pk), RevealForm(request.POST)
        if not is_fresh(request):
            return redirect("lifecycle:erase", pk=pk)
        if not form.is_valid():
            return self.shown(somebody, form, status=422)
        reason = form.cleaned_data["reason"]
        try:
            erased = erase_person(person_id=pk, reason=reason, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            return self.shown(somebody, form, refusal=refusal, status=refusal.status)
        told = _("Erased: %(rows)s rows, %(files)s files, %(entries)s entries of the journal.")
        messages.success(request, told % vars(erased))
        return redirect("lifecycle:erase", pk=pk)

    @method_decorator(freshly_signed_in)
    def ask(self, request: HttpRequest, somebody: User) -> HttpResponse:
        """Ask for the reason."""
        del request
        return self.shown(somebody, RevealForm())

    def shown(
        self, somebody: User, form: RevealForm, *, refusal: Refusal | None = None, status: int = 200
    ) -> HttpResponse:
        """Show what would happen, with what was refused."""
        page = erasure_page(somebody, actor=person(self.request), now=timezone.now())
        context = {"page": page, "form": form, "refusal": refusal}
        return render(self.request, "lifecycle/desk/erase.html", context, status=status)

    def person_or_404(self, pk: int) -> User:
        """Return a person in the reader's scope."""
        somebody: User | None = (
            User.objects.visible_to(person(self.request)).select_related("team").filter(pk=pk).first()
        )
        if somebody is None:
            raise Http404
        return somebody
