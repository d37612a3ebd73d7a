"""Asking the API as somebody, and saying what it should answer."""

from typing import Any

from rest_framework.test import APIClient


def signed_in(person: Any) -> APIClient:
    """Return a client of theirs, answered in English."""
    client = APIClient(headers={"accept-language": "en"})
    client.force_authenticate(person)
    return client


def post(client: APIClient, path: str, body: Any = None, *, status: int = 200, **how: Any) -> Any:
    """Post to an address below `/api/v1/`, which answers with the status; return its JSON."""
    answer = client.post(f"/api/v1/{path}/", body or {}, **how)
    assert answer.status_code == status, answer.json()
    return answer.json()


def fields(answer: Any) -> list[str]:
    """Return the fields that a refusal names."""
    return [one["field"] for one in answer["details"]]
