"""How django-allauth serves a company: nobody signs up, a password ends sessions, secrets are sealed."""

from typing import Any

import structlog
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from requests import RequestException

from cardfleet.accounts.errors import (
    ProviderAnswerRefused,
    ProviderCancelled,
    ProviderUnreachable,
    SignInNotFresh,
    SignInTooOld,
)
from cardfleet.accounts.marks import BY_COMPANY, SEEN_AT, came_by_company
from cardfleet.accounts.models import User
from cardfleet.accounts.provider import ID, configured
from cardfleet.accounts.selectors import needs_second_factor, person_called, plain
from cardfleet.accounts.services.access import record_sign_in
from cardfleet.accounts.services.company import admit
from cardfleet.accounts.services.passwords import change_password
from cardfleet.accounts.stages import SECOND_FACTOR
from cardfleet.kernel import crypto

log = structlog.get_logger("cardfleet.accounts")


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up, and a chosen password goes through the one service that writes passwords."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "Name and password do not fit together. Use your staff number if somebody shares your name; "
            "a supervisor can give you a new password."
        ),
        "too_many_login_attempts": _("Too many failed attempts. Wait five minutes, or ask a supervisor."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: administrators make people."""
        return False

    def set_password(self, user: User, password: str) -> None:
        """Store a password the person chose."""
        change_password(person=user, password=password, now=timezone.now())

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count tries by whom they are at, however the name is spelled; a name of nobody is counted just so."""
        typed = credentials.get("username", "")
        person = person_called(typed)
        super().pre_authenticate(request, **credentials | {"username": person.username if person else plain(typed)})

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin a session, and write down that it began."""
        super().login(request, user)
        now = timezone.now()
        request.session[SEEN_AT] = now.timestamp()
        record_sign_in(person=user, now=now)

    def get_login_stages(self) -> list[str]:
        """Return allauth's steps with our own for the one-time code."""
        stages: list[str] = super().get_login_stages()
        return ["cardfleet.accounts.stages.SecondStep" if one.endswith("AuthenticateStage") else one for one in stages]

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Keep with the session what the company's own sign-in said of it, and that it asked anew where it was to."""
        company = (kwargs["signal_kwargs"] or {}).get("sociallogin")
        if company:
            request.session[BY_COMPANY] = company.state[SECOND_FACTOR]
            if asked_at := company.state["asked_at"]:
                record_authentication(request, user, BY_COMPANY, reauthenticated=True, at=asked_at)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Return how somebody proves anew who they are: as they signed in."""
        if settings.COMPANY_SIGN_IN and came_by_company(context.request.session):
            name, url = settings.COMPANY_SIGN_IN.name, reverse("company_sign_in_again")
            return [{"id": BY_COMPANY, "description": name, "url": url}]
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return methods

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: most people have no company mail, and the journal holds the deed."""


class CompanyAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The one provider of the settings; who comes by it is somebody who was entered here."""

    def list_apps(self, _request: HttpRequest, **_asked: str | None) -> list[SocialApp]:
        """Return it, whatever the database says; none where none is configured."""
        company = settings.COMPANY_SIGN_IN
        if company is None:
            return []
        known = {"client_id": company.client_id, "secret": company.secret}
        return [SocialApp(provider=ID, provider_id=company.issuer, name=company.name, **known)]

    def is_open_for_signup(self, _request: HttpRequest, _login: SocialLogin) -> bool:
        """Return False: administrators make people."""
        return False

    def pre_social_login(self, _request: HttpRequest, login: SocialLogin) -> None:
        """Let in whom the proven claims are about, with the roles and scope that they give."""
        now = timezone.now()
        login.user, said = admit(claims=login.claims, sign_in=configured(), now=now)
        is_fresh = said.asked_at and now.timestamp() - said.asked_at < app_settings.REAUTHENTICATION_TIMEOUT
        if login.state["data"]["fresh"] and not is_fresh:
            raise SignInNotFresh
        login.state[SECOND_FACTOR] = said.second_factor
        login.state["asked_at"] = said.asked_at if login.state["data"]["fresh"] else None

    def on_authentication_error(
        self,
        _request: HttpRequest,
        _provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Refuse in our own words. What the provider answered stays out of the log: it may name people."""
        log.warning("company_sign_in_failed", error=error, exception=type(exception).__name__)
        if error == AuthError.CANCELLED:
            raise ProviderCancelled
        if isinstance(exception, RequestException):
            raise ProviderUnreachable from exception
        if "state_id" in (extra_context or {}):
            raise SignInTooOld
        raise ProviderAnswerRefused


class SealedMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps one-time-code secrets encrypted, and in place where a role obliges to them."""

    def encrypt(self, text: str) -> str:
        """Return the token to store."""
        return crypto.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret of a stored token."""
        return crypto.decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        """Return the name an authenticator app shows."""
        return "CardFleet"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Tell whether the person may do without; a role of MFA_ROLES may not."""
        return not needs_second_factor(authenticator.user)
