"""Tokens: for staff number (or name), password and, where set up, one-time code; or on terms, by who has signed in."""

from datetime import datetime, timedelta
from typing import Any

import django_filters
from allauth.account.adapter import get_adapter
from allauth.core.exceptions import RateLimited
from allauth.mfa.base.forms import AuthenticateForm
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled
from rest_framework.permissions import SAFE_METHODS, AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cardfleet.accounts.access import own_terms, person_of, refuse_stale_session
from cardfleet.accounts.errors import OneTimeCodeWrong, PasswordChangeDue, SecondFactorDue, SignInRefused
from cardfleet.accounts.models import TokenTerms, User
from cardfleet.accounts.rules import Terms
from cardfleet.accounts.selectors import has_second_factor, needs_second_factor
from cardfleet.accounts.services.access import end_token, issue_token, refuse_others_token, renew_token
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import ListFilterSet


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

    answers_secrets = True
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


class AskedTokenSerializer(serializers.Serializer[Any]):
    """What a token is to be for, and for how many days; no areas: all that the person's roles allow."""

    name = serializers.CharField(max_length=80)
    writes = serializers.BooleanField(default=False)
    areas = serializers.ListField(child=serializers.CharField(max_length=40), default=list, max_length=40)
    networks = serializers.ListField(child=serializers.CharField(max_length=49), default=list, max_length=40)
    days = serializers.IntegerField(min_value=1, max_value=36_500, default=30)


class RenewalSerializer(serializers.Serializer[Any]):
    """For how many hours the old token works beside the new one."""

    hours = serializers.IntegerField(min_value=0, max_value=168, default=24)


class TokenTermsSerializer(serializers.ModelSerializer[TokenTerms]):
    """What a token is for; the token itself is shown once, when it is made."""

    person = serializers.IntegerField(source="token.user_id", read_only=True)
    expiry = serializers.DateTimeField(source="token.expiry", read_only=True)
    last_used_at = serializers.DateTimeField(source="used_at", read_only=True, allow_null=True)

    class Meta:
        model = TokenTerms
        fields = ("id", "person", "name", "writes", "areas", "networks", "expiry", "last_used_at", "successor")
        read_only_fields = fields


class TokenFilter(ListFilterSet):
    """Filters over tokens."""

    person = django_filters.NumberFilter(field_name="token__user_id")

    class Meta:
        model = TokenTerms
        fields: tuple[str, ...] = ()


class TokenViewSet(viewsets.ReadOnlyModelViewSet[TokenTerms]):
    """The person's tokens that still open something; everybody's for who looks after them.

    By a token nobody makes, replaces or ends one that is for more than itself. In a browser's session they are made on
    a page, after a fresh sign-in. A repeat with the same Idempotency-Key is answered the token again, for 24 hours.
    """

    answers_secrets = True

    queryset = TokenTerms.objects.all()
    serializer_class = TokenTermsSerializer
    filterset_class = TokenFilter
    permission_classes = (HasRight,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a browser whose sign-in is not fresh before anything is answered, a repeat too. FreshSignInNeeded."""
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS:
            refuse_stale_session(request)

    def get_queryset(self) -> QuerySet[TokenTerms]:
        """Return those in sight."""
        seen = TokenTerms.objects.visible_to(person_of(self.request)).working(timezone.now())
        return seen.select_related("token").annotate(used_at=F("token__use__last_used_at"))

    @extend_schema(request=AskedTokenSerializer, responses={201: Token})
    def create(self, request: Request) -> Response:
        """Make a token for oneself and answer it, this once."""
        token, expiry = issue_token(
            person=person_of(request), **asked_token(request), own=own_terms(request), now=timezone.now()
        )
        return told_once(token, expiry)

    @extend_schema(request=RenewalSerializer, responses={201: Token})
    @action(detail=True, methods=["post"])
    def renew(self, request: Request, pk: str) -> Response:
        """Make a token on the same terms, which lives as long from now, and end this one after some hours."""
        terms = self.get_object()
        refuse_others_token(terms, person_of(request))
        asked = RenewalSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        token, expiry = renew_token(
            terms_id=terms.pk,
            overlap=timedelta(hours=asked.validated_data["hours"]),
            own=own_terms(request),
            actor=person_of(request),
            now=timezone.now(),
        )
        return told_once(token, expiry)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End a token at once."""
        terms_id = self.get_object().pk
        end_token(terms_id=terms_id, own=own_terms(request), actor=person_of(request), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def asked_token(request: Request) -> dict[str, Any]:
    """Return what is asked of a new token, as `issue_token` takes it."""
    asked = AskedTokenSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    given = asked.validated_data
    terms = Terms(writes=given["writes"], areas=frozenset(given["areas"]), networks=tuple(given["networks"]))
    return {"name": given["name"], "terms": terms, "life": timedelta(days=given["days"])}


def told_once(token: str, expiry: datetime) -> Response:
    """Return the answer with a new token, which nothing between here and who asked may keep."""
    made = Token({"token": token, "expiry": expiry}).data
    return Response(made, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})
