"""`POST /api/v1/auth/token/`: a token for staff number (or name), password and, where set up, one-time code."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import RateLimited
from allauth.mfa.base.forms import AuthenticateForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cardfleet.accounts.errors import OneTimeCodeWrong, PasswordChangeDue, SecondFactorDue, SignInRefused
from cardfleet.accounts.models import User
from cardfleet.accounts.selectors import has_second_factor, needs_second_factor
from cardfleet.accounts.services.access import issue_token
from cardfleet.kernel.api import serializers


class SignIn(serializers.Serializer[Any]):
    """What to sign in with."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False)
    otp = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)


class Token(serializers.Serializer[Any]):
    """The token, shown this once, and when it expires."""

    token = serializers.CharField()
    expiry = serializers.DateTimeField()


class TokenView(APIView):
    """Signs in; guessing is limited as on the sign-in page, by address and by name."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=SignIn, responses=Token, operation_id="auth_token_create", auth=[])
    def post(self, request: Request) -> Response:
        """Answer a new token."""
        given = SignIn(data=request.data)
        given.is_valid(raise_exception=True)
        person = self._signed_in(request, given.validated_data["username"], given.validated_data["password"])
        if person.must_change_password:
            raise PasswordChangeDue
        self._check_second_factor(person, given.validated_data["otp"])
        token, expiry = issue_token(person=person, now=timezone.now())
        return Response(Token({"token": token, "expiry": expiry}).data)

    def _signed_in(self, request: Request, username: str, password: str) -> User:
        try:
            person: User | None = get_adapter().authenticate(request._request, username=username, password=password)  # noqa: SLF001
        except (ValidationError, RateLimited) as error:
            raise Throttled from error
        if person is None:
            raise SignInRefused
        return person

    def _check_second_factor(self, person: User, code: str) -> None:
        if has_second_factor(person):
            if not AuthenticateForm({"code": code}, user=person).is_valid():
                raise OneTimeCodeWrong
        elif needs_second_factor(person):
            raise SecondFactorDue
