"""Filter sets of django-filter, narrowed to what was asked."""

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=512)
def narrowed(filterset: type[Any], asked: frozenset[str]) -> Any:
    """Return the filter set with the asked filters alone; each request would copy all the others."""
    others = {name: None for name in filterset.base_filters if name not in asked}
    return type(filterset.__name__, (filterset,), others)
