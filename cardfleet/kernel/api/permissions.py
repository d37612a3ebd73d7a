"""Who may use a view of the API."""

from collections.abc import Mapping
from typing import Any

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request


class HasRight(IsAuthenticated):
    """The view names the right in `right`, or one for each action in `rights` (`{"issue": "agents.issue_card"}`)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether the person has the right of what is asked; an action without one needs a sign-in only."""
        if not super().has_permission(request, view):
            return False
        needed = right_of(view)
        return not needed or request.user.has_perm(needed)


def right_of(view: Any) -> str:
    """Return the right that what is asked of a view needs, `app.codename`; empty where a sign-in is enough."""
    rights: Mapping[str, str] = getattr(view, "rights", {})
    return rights.get(getattr(view, "action", None) or "", getattr(view, "right", ""))
