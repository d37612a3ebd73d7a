"""Who may use a view of the API: what the person may do, and of that what the token they come with is for."""

from collections.abc import Mapping
from typing import Any, cast

from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request

from cardfleet.kernel.errors import TokenReadsOnly, TokenTooNarrow


class HasRight(IsAuthenticated):
    """The view names the right in `right`, or one for each action in `rights` (`{"issue": "agents.issue_card"}`)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether the person has the right of what is asked; an action without one needs a sign-in only.

        TokenReadsOnly, TokenTooNarrow: they may, but not by this token.
        """
        if not super().has_permission(request, view):
            return False
        if not (may_write(request) or request.method in SAFE_METHODS):
            raise TokenReadsOnly
        needed, person = right_of(view), cast("Any", request.user)
        if needed and not person.reaches(needed):
            raise TokenTooNarrow
        return not needed or bool(person.has_perm(needed))


def may_write(request: Request) -> bool:
    """Tell whether the token of a request may change things; a browser's session always may."""
    return bool(getattr(getattr(request.auth, "terms", None), "writes", True))


def right_of(view: Any) -> str:
    """Return the right that what is asked of a view needs, `app.codename`; empty where a sign-in is enough."""
    rights: Mapping[str, str] = getattr(view, "rights", {})
    return rights.get(getattr(view, "action", None) or "", getattr(view, "right", ""))
