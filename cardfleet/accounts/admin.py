"""People, teams and scopes in the administration. Its sign-in is the one page that all sign in by."""

from datetime import datetime
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Max
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from knox.models import AuthToken

from cardfleet.accounts.access import person_of
from cardfleet.accounts.choices import Role, TeamKind
from cardfleet.accounts.forms import PersonForm
from cardfleet.accounts.fresh import FreshSignInAdmin
from cardfleet.accounts.models import ScopeGrant, Team, User
from cardfleet.accounts.services.people import create_person, edit_person
from cardfleet.accounts.services.scopes import grant_scope, withdraw_scope
from cardfleet.accounts.services.teams import create_team, edit_team
from cardfleet.kernel.admin import ServiceModelAdmin

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Roles are reference data; the rest are written by sign-in alone, and some hold secrets.
for hidden in (Group, EmailAddress, Authenticator, AuthToken, UserSession, SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(hidden)


@admin.register(Team)
class TeamAdmin(ServiceModelAdmin[Team]):
    """The team tree."""

    list_display = ("name", "kind", "parent")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name",)
    autocomplete_fields = ("parent",)

    def get_readonly_fields(self, request: HttpRequest, obj: Team | None = None) -> tuple[str, ...]:
        """Keep what a team is."""
        return ("kind",) if obj else ()

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Team:
        """Make a team."""
        given["kind"] = TeamKind(given["kind"])
        return create_team(**given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: Team, given: dict[str, Any]) -> Team:
        """Rename or move it."""
        return edit_team(team=row, **given, actor=person_of(request), now=timezone.now())


@admin.register(User)
class PersonAdmin(FreshSignInAdmin, ServiceModelAdmin[User]):
    """People. Their access is ended and restored, and passwords are given, on their own page."""

    form = PersonForm
    list_display = ("name", "staff_no", "team", "role_label", "is_active", "last_login", "token_used_at")
    list_filter = ("groups", "is_active")
    list_select_related = ("team",)
    search_fields = ("name", "staff_no", "username", "name_initials")
    autocomplete_fields = ("team",)
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the people in scope with their roles."""
        used = Max("auth_token_set__use__last_used_at")
        return super().get_queryset(request).annotate(token_used=used).prefetch_related("groups")

    @admin.display(description=gettext_lazy("API last used"), ordering="token_used")
    def token_used_at(self, person: Any) -> datetime | None:
        """Show when one of the person's tokens was last used, to the minute."""
        used: datetime | None = person.token_used
        return used

    def get_exclude(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Keep the user name, by which the journal names the person."""
        return ("username",) if obj else ()

    def create(self, request: HttpRequest, given: dict[str, Any]) -> User:
        """Make a person and show the one-time password, this once."""
        given["roles"] = [Role(role) for role in given["roles"]]
        person, password = create_person(**given, actor=person_of(request), now=timezone.now())
        sentence = _("One-time password for {person}: {password} — it is shown only now.")
        messages.warning(request, sentence.format(person=person, password=password))
        return person

    def change(self, request: HttpRequest, row: User, given: dict[str, Any]) -> User:
        """Change facts, team and roles."""
        given["roles"] = [Role(role) for role in given["roles"]]
        return edit_person(person=row, **given, actor=person_of(request), now=timezone.now())


@admin.register(ScopeGrant)
class ScopeGrantAdmin(FreshSignInAdmin, ServiceModelAdmin[ScopeGrant]):
    """Who sees which subtree."""

    list_display = ("user", "team")
    list_select_related = ("user", "team")
    search_fields = ("user__name", "user__staff_no", "team__name")
    autocomplete_fields = ("user", "team")
    actions = None

    def has_change_permission(self, _request: HttpRequest, _obj: ScopeGrant | None = None) -> bool:
        """Answer no: a scope is withdrawn and another granted."""
        return False

    def has_delete_permission(self, request: HttpRequest, _obj: ScopeGrant | None = None) -> bool:
        """Ask for the right to withdraw."""
        return request.user.has_perm("accounts.delete_scopegrant")

    def create(self, request: HttpRequest, given: dict[str, Any]) -> ScopeGrant:
        """Grant it."""
        return grant_scope(person=given["user"], team=given["team"], actor=person_of(request), now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: ScopeGrant) -> None:
        """Withdraw it."""
        withdraw_scope(person=obj.user, team=obj.team, actor=person_of(request), now=timezone.now())
