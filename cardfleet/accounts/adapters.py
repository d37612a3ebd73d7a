"""How django-allauth serves a company: nobody signs up, a password ends sessions, secrets are sealed."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.middleware import SEEN_AT
from cardfleet.accounts.models import User
from cardfleet.accounts.selectors import needs_second_factor
from cardfleet.accounts.services.access import record_sign_in
from cardfleet.accounts.services.passwords import change_password
from cardfleet.kernel import crypto


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

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin a session, and write down that it began."""
        super().login(request, user)
        now = timezone.now()
        request.session[SEEN_AT] = now.timestamp()
        record_sign_in(person=user, now=now)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: most people have no company mail, and the journal holds the deed."""


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
