"""What people type stays out of logs and, as text, out of Redis: planted in every write of pages and API."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from redis import Redis
from rest_framework.test import APIClient

from tests.api.operations import write_operations
from tests.factories.accounts import PersonFactory
from tests.routes import PAGES
from tests.test_permissions import address, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
JSON = "application/json"
# Words, since the log shortens numbers by itself; of each kind that a secret is typed as.
PLANT = "planted-Zk3vQ"
# Left alone, so that an example gets as far as it would: what its reader understands before it stores anything.
PLAIN = ("state", "kind", "to", "reason", "role")


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """All that is logged meanwhile, as the log writes it."""
    root, said = logging.getLogger(), StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(next(one.formatter for one in root.handlers if one.formatter is not None))
    root.addHandler(handler)
    yield said
    root.removeHandler(handler)


def planted(value: Any, name: str = "") -> Any:
    """Return a body with the plant in every text that is free."""
    match value:
        case dict():
            return {key: planted(one, key) for key, one in value.items()}
        case list():
            return [planted(one, name) for one in value]
        case str() if name not in PLAIN:
            return PLANT
        case _:
            return value


def in_redis() -> list[bytes]:
    """Return the keys of this test's Redis whose name or content holds the plant as it was typed."""
    redis = Redis.from_url(settings.REDIS_URL)
    return [key for key in redis.scan_iter() if PLANT.encode() in key + (redis.dump(key) or b"")]


def test_no_write_of_the_api_logs_what_is_sent(things, logged) -> None:
    """In every text of the example, then in one field alone, so that some are stored and others refused."""
    api = APIClient(raise_request_exception=False)
    api.force_authenticate(PersonFactory(is_superuser=True))
    sent = 0
    for one in write_operations():
        example = one.spec.get("requestBody", {}).get("content", {}).get(JSON, {}).get("example")
        bodies = [planted(example)]
        if isinstance(example, dict):
            bodies += [{**example, name: PLANT} for name, value in example.items() if isinstance(value, str)]
        for body in bodies:
            key = {"HTTP_IDEMPOTENCY_KEY": f"k-{sent}"}
            answer = api.generic(one.method.upper(), one.address(things), json.dumps(body), content_type=JSON, **key)
            assert answer.status_code < 500, (str(one), body)
            sent += 1
    assert sent > len(write_operations())
    assert "POST" in logged.getvalue()
    assert [line for line in logged.getvalue().splitlines() if PLANT in line] == []
    assert in_redis() == []


def test_no_page_logs_what_is_typed(people, things, logged) -> None:
    """By every name that a field has, in the form and in the address."""
    names = {
        name
        for one in write_operations()
        for name in one.spec.get("requestBody", {}).get("content", {}).get(JSON, {}).get("example") or {}
    }
    typed = dict.fromkeys({*names, "q", "search", "password", "login", "code", "pin", "puk"}, PLANT)
    client, broken = signed_in(people["admin"], api=False), []
    client.raise_request_exception = False
    for name, (needs, _marks) in PAGES.items():
        answer = client.post(f"{address(name, needs, things)}?search={PLANT}", typed)
        broken += [name] if answer.status_code >= 500 else []
    assert broken == []
    assert "POST" in logged.getvalue()
    assert [line for line in logged.getvalue().splitlines() if PLANT in line] == []
    assert in_redis() == []
