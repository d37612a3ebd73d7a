"""What accounts put into the top bar."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.navigation import register

register(_("People"), "accounts:people", icon="users", permission="accounts.view_user", order=80)
for _label, _page, _icon, _right, _order in (
    (_("Teams"), "accounts:teams", "sitemap", "accounts.view_team", 81),
    (_("Roles"), "accounts:roles", "shield", "accounts.view_user", 82),
    (_("API tokens"), "accounts:tokens", "api", "accounts.view_tokenterms", 84),
    (_("Service accounts"), "accounts:services", "api", "accounts.add_user", 85),
    (_("Standing in"), "accounts:delegations", "user-share", "accounts.view_delegation", 83),
):
    register(_label, _page, icon=_icon, permission=_right, order=_order, under="accounts:people")
