"""Every operation that writes, read from the kept schema, so that a new one is held to what all have in common."""

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import Resolver404, resolve

from cardfleet.kernel.management.commands.check_schema import SCHEMA
from tests.api_routes import API

# One's own alone: somebody else's, for a superuser too, is as if it were not, whatever is sent.
OWN = frozenset(
    {
        *(f"POST /api/v1/cards/{{id}}/{said}/" for said in ("fault", "loss", "stopped")),
        "POST /api/v1/cards/{id}/rate/",
        "POST /api/v1/claims/{id}/send/",
        "POST /api/v1/id-checks/{id}/answer/",
        "POST /api/v1/inbox/{id}/read/",
        "POST /api/v1/notifications/channels/{id}/switch/",
        "POST /api/v1/notifications/channels/{id}/test/",
        "POST /api/v1/views/{id}/change/",
        "POST /api/v1/views/{id}/opening/",
        "POST /api/v1/views/{id}/remove/",
    }
)
WRITES = ("post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """An operation: its method and path, the route and the words that fill it, what the schema says of it."""

    method: str
    path: str
    spec: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def headers(self) -> set[str]:
        """The headers it takes."""
        return {one["name"] for one in self.spec.get("parameters", ()) if one["in"] == "header"}

    @property
    def form(self) -> str:
        """The form of its body as the test client names it."""
        bodies = self.spec.get("requestBody", {}).get("content", {"application/json": {}})
        return "json" if "application/json" in bodies else "multipart"

    def address(self, things: dict[str, Any]) -> str:
        """Return its address, about the things of the dataset."""
        if "{" not in self.path:
            return self.path
        route = route_of(self.path)
        words = iter(API[route][0].split())
        return re.sub(r"{\w+}", lambda _found: str(things.get(word := next(words), word)), self.path)


def route_of(path: str) -> str:
    """Return the route of a path of the schema, whose things are named by a number or, like files, by a UUID."""
    try:
        return resolve(re.sub(r"{\w+}", "1", path)).view_name
    except Resolver404:
        return resolve(re.sub(r"{\w+}", str(UUID(int=1)), path)).view_name


def write_operations() -> list[Operation]:
    """Return them in the order of the schema."""
    schema = json.loads((settings.BASE_DIR / SCHEMA).read_text())
    return [
        Operation(method, path, item[method])
        for path, item in schema["paths"].items()
        for method in WRITES
        if method in item
    ]
