"""Where the resources of the API are registered: what every one of them can do comes with it."""

from typing import Any

from rest_framework.routers import DefaultRouter
from rest_framework.viewsets import ViewSetMixin

from cardfleet.jobs.api.idempotency import IdempotentMixin


class Router(DefaultRouter):
    """DRF's router, whose resources all honour Idempotency-Key, those of the apps below the keys as well."""

    def register(self, prefix: str, viewset: type[ViewSetMixin], basename: str | None = None) -> None:
        """Register a resource."""
        super().register(prefix, repeatable(viewset), basename)


def repeatable(viewset: type[Any]) -> type[Any]:
    """Return the resource, honouring the key."""
    names = {"__doc__": viewset.__doc__, "__module__": viewset.__module__}
    return type(viewset.__name__, (IdempotentMixin, viewset), names)
