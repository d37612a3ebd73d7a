"""`/api/v1/service-accounts/`: accounts of programs, made, passed on, and given tokens."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import acting, own_terms, person_of, refuse_narrow_token, refuse_stale_session
from cardfleet.accounts.api.people import PersonSerializer
from cardfleet.accounts.api.tokens import AskedTokenSerializer, Token, asked_token, told_once
from cardfleet.accounts.forms import OwnerForm, ServiceAccountForm
from cardfleet.accounts.models import User
from cardfleet.accounts.services.access import issue_token, refuse_others_account
from cardfleet.accounts.services.service_accounts import create_service_account, pass_service_account
from cardfleet.kernel.api import viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight

ADD = "accounts.add_user"


class ServiceAccountViewSet(viewsets.ReadOnlyModelViewSet[User]):
    """The accounts of programs, for administrators; who answers for one gives it tokens.

    By a token nobody makes one that is for more than itself, and a token for some areas makes no account.
    """

    answers_secrets = True

    queryset = User.objects.all()
    serializer_class = PersonSerializer
    permission_classes = (HasRight,)
    right = ADD
    rights = {"tokens": ""}

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Refuse a browser whose sign-in is not fresh. FreshSignInNeeded."""
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS:
            refuse_stale_session(request)

    def get_queryset(self) -> QuerySet[User]:
        """Return the accounts of programs."""
        found: QuerySet[User] = User.objects.services()
        return found.prefetch_related("groups")

    @extend_schema(request=asks(ServiceAccountForm), responses={201: PersonSerializer})
    def create(self, request: Request) -> Response:
        """Make the account of a program, and say who answers for it."""
        refuse_narrow_token(request)
        account = create_service_account(**filled(request, ServiceAccountForm).facts(), **acting(request))
        return Response(PersonSerializer(account).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=asks(OwnerForm), responses=PersonSerializer)
    @action(detail=True, methods=["post"])
    def owner(self, request: Request, pk: str) -> Response:
        """Let somebody else answer for it."""
        account, owner = self.get_object(), filled(request, OwnerForm).cleaned_data["owner"]
        passed = pass_service_account(account_id=account.pk, owner=owner, **acting(request))
        return Response(PersonSerializer(passed).data)

    @extend_schema(request=AskedTokenSerializer, responses={201: Token})
    @action(detail=True, methods=["post"])
    def tokens(self, request: Request, pk: str) -> Response:
        """Make a token of the account and answer it; of one that the person answers for, or looks after."""
        account = self.get_object()
        refuse_others_account(account, person_of(request))
        token, expiry = issue_token(person=account, **asked_token(request), own=own_terms(request), **acting(request))
        return told_once(token, expiry)
