"""What Django's router knows."""

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver


def routes(resolver: URLResolver, prefix: str = "", spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield name (with its name spaces) and pattern of each route."""
    for entry in resolver.url_patterns:
        pattern = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name or "")), pattern
        else:
            yield from routes(entry, pattern, (*spaces, entry.namespace) if entry.namespace else spaces)


def views(resolver: URLResolver) -> Iterator[Callable[..., Any]]:
    """Yield what answers at each route."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry.callback
        else:
            yield from views(entry)
