"""What each role may do (R12)."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from cardfleet.accounts.choices import Role
from cardfleet.accounts.selectors import rights_by_area


class RolesView(PermissionRequiredMixin, View):
    """Every right that any role has, and which roles have it."""

    permission_required = "accounts.view_user"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them all, or those of one role."""
        chosen = request.GET.get("role", "")
        role = Role(chosen) if chosen in Role else None
        context = {"areas": rights_by_area(role), "roles": list(Role), "chosen": role}
        return render(request, "accounts/roles.html", context)
