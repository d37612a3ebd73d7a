"""Asking the API with a token."""

from django.utils import timezone
from rest_framework.test import APIClient

from cardfleet.accounts.models import TokenTerms
from cardfleet.accounts.services.access import issue_token

TEAMS, TOKENS, CARDS = "/api/v1/teams/", "/api/v1/tokens/", "/api/v1/cards/"


def issue(person, **given):
    """Return a token and its terms."""
    token, _expiry = issue_token(person=person, now=timezone.now(), **given)
    return token, TokenTerms.objects.latest("pk")


def by(token, address="127.0.0.1", **heads) -> APIClient:
    """Return what asks with a token."""
    return APIClient(HTTP_AUTHORIZATION=f"Token {token}", REMOTE_ADDR=address, **heads)


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]
