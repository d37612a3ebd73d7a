"""What accounts put into the top bar."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.navigation import register

register(_("People"), "accounts:people", icon="users", permission="accounts.view_user", order=80)
