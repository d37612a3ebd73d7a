"""What the journal puts into the top bar."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.navigation import register

register(_("Journal"), "journal:list", icon="book", permission="journal.view_journal", order=95)
