"""Pages of the administration whose saves ask for a fresh sign-in."""

from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cardfleet.accounts.access import is_fresh


class FreshSignInAdmin:
    """A form that somebody who has just signed in may open; who only looks is not asked.

    It is asked before anything is typed. A form that stood open for longer is not sent on: it may hold a secret, and
    what waits for a sign-in waits in the session.
    """

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show or save the form."""
        admin: Any = super()
        writes = admin.has_change_permission(request) if object_id else admin.has_add_permission(request)
        if writes and not is_fresh(request):
            if request.method == "POST":
                return redirect(request.get_full_path())
            raise ReauthenticationRequired
        response: HttpResponse = admin.changeform_view(request, object_id, form_url, extra_context)
        return response
