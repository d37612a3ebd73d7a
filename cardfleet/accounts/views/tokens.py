"""API tokens: one's own, and everybody's for who looks after them. A token is shown once, when it is made."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from cardfleet.accounts.access import freshly_signed_in, is_fresh, person_of
from cardfleet.accounts.forms import TokenForm
from cardfleet.accounts.models import TokenTerms, User
from cardfleet.accounts.querysets import TokenQuerySet
from cardfleet.accounts.selectors import areas_in_words
from cardfleet.accounts.services.access import (
    end_token,
    issue_token,
    refuse_others_account,
    refuse_others_token,
    renew_token,
)
from cardfleet.kernel.errors import NotVisible, Refusal
from cardfleet.kernel.forms import add_refusal

PAGE = 50
OVERLAP = timedelta(hours=24)


class TokensView(LoginRequiredMixin, View):
    """A page about tokens."""

    def tokens(self) -> TokenQuerySet:
        """Return those in sight that still open something, the next to expire first."""
        seen: TokenQuerySet = TokenTerms.objects.visible_to(person_of(self.request)).working(timezone.now())
        used = seen.select_related("token__user").annotate(used_at=F("token__use__last_used_at"))
        return used.order_by("token__expiry", "pk")

    def token(self, pk: int) -> TokenTerms:
        """Return one that the person may change. NotVisible, NotAllowed."""
        found, person = self.tokens().filter(pk=pk).first(), person_of(self.request)
        if found is None:
            raise NotVisible
        refuse_others_token(found, person)
        return found

    def listed(self, tokens: TokenQuerySet, **context: object) -> HttpResponse:
        """Show a list of them."""
        page = Paginator(tokens, PAGE).get_page(self.request.GET.get("page"))
        words = areas_in_words()
        rows = [(terms, [words.get(area, area) for area in terms.areas]) for terms in page]
        shown = {"page_obj": page, "rows": rows, **context}
        return render(self.request, "accounts/tokens.html", shown)


class MineView(TokensView):
    """The person's own tokens."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        person = person_of(request)
        accounts = list(person.service_accounts.filter(is_active=True))
        return self.listed(self.tokens().filter(token__user__in=[person, *accounts]), is_mine=True, accounts=accounts)


class AllView(PermissionRequiredMixin, TokensView):
    """Everybody's tokens."""

    permission_required = "accounts.view_tokenterms"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.listed(self.tokens(), is_mine=False)


class IssueView(TokensView):
    """A new token, one's own or of a service account, for somebody who has just signed in."""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Ask what it is for."""
        return self.ask(request, self.account(pk))

    @method_decorator(freshly_signed_in)
    def ask(self, _request: HttpRequest, account: User) -> HttpResponse:
        """Ask somebody who has just signed in."""
        return self.page(account, TokenForm(person=account))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Make it, and show it this once."""
        account = self.account(pk)
        if not is_fresh(request):
            return redirect(request.path)
        form = TokenForm(request.POST, person=account)
        if not form.is_valid():
            return self.page(account, form, status=422)
        try:
            given = form.facts()
            token, expiry = issue_token(person=account, **given, actor=person_of(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(account, form, status=422)
        return shown_once(request, token, expiry=expiry)

    def account(self, pk: int | None) -> User:
        """Return whose token it will be. NotVisible, NotAllowed."""
        person = person_of(self.request)
        if pk is None:
            return person
        account: User | None = User.objects.services().active().filter(pk=pk).first()
        if account is None:
            raise NotVisible
        refuse_others_account(account, person)
        return account

    def page(self, account: User, form: TokenForm, *, status: int = 200) -> HttpResponse:
        """Return the page around a form."""
        context = {"form": form, "account": account, "longest": settings.API_TOKEN_MAX_DAYS}
        return render(self.request, "accounts/token_form.html", context, status=status)


class RenewView(TokensView):
    """A new token in place of another, which works on for a day so that nobody is cut off."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask whether to."""
        return self.ask(request, self.token(pk))

    @method_decorator(freshly_signed_in)
    def ask(self, request: HttpRequest, terms: TokenTerms) -> HttpResponse:
        """Ask somebody who has just signed in."""
        return render(request, "accounts/token_renew.html", {"token": terms})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make it, and show it this once."""
        now, terms = timezone.now(), self.token(pk)
        if not is_fresh(request):
            return redirect("accounts:token-renew", pk=pk)
        token, expiry = renew_token(terms_id=terms.pk, overlap=OVERLAP, actor=person_of(request), now=now)
        return shown_once(request, token, expiry=expiry, old_until=min(terms.token.expiry, now + OVERLAP))


class EndView(TokensView):
    """The end of a token, at once."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask whether to."""
        return render(request, "accounts/token_end.html", {"token": self.token(pk)})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End it."""
        person, terms = person_of(request), self.token(pk)
        end_token(terms_id=terms.pk, actor=person, now=timezone.now())
        messages.success(request, _("The token has ended. What used it is refused from now on."))
        is_mine = person.pk in {terms.token.user_id, terms.token.user.owner_id}
        return redirect("accounts:my-tokens" if is_mine else "accounts:tokens")


def shown_once(request: HttpRequest, token: str, **context: object) -> HttpResponse:
    """Show a token on a page that no cache and no history keeps."""
    response = render(request, "accounts/token_shown.html", {"token": token, **context}, status=201)
    response["Cache-Control"] = "no-store"
    return response
