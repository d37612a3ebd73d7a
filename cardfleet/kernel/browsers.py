"""What every answer tells a browser: what it may load and run, what it may not ask a device for, what not to keep."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

NOT_KEPT = "private, no-store"
ASKED_AGAIN = "private, no-cache"


class PolicyMiddleware(CSPMiddleware):
    """The content security policy, which for the administration's pages is one of its own."""

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,  # noqa: FBT001, FBT002 - as django-csp calls it
    ) -> PolicyParts:
        """Return what the header is put together from."""
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(f"/{settings.ADMIN_PATH}"):
            parts.config = settings.ADMINISTRATION_POLICY
        return parts


class HeadersMiddleware:
    """The fixed headers; and what no view said otherwise of is kept by no browser and no proxy.

    What has an ETag may be kept by who asks each time whether it still holds.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        response = self.get_response(request)
        for name, value in settings.BROWSER_HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", ASKED_AGAIN if "ETag" in response.headers else NOT_KEPT)
        return response
