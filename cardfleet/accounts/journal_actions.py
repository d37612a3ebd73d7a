"""What the journal may say about people and teams."""

from django.utils.translation import gettext_lazy as _

from cardfleet.journal.registry import register

register("accounts.password_changed", _("Password changed"), icon="key")
