"""What the journal may say about channels."""

from django.utils.translation import gettext_lazy as _

from cardfleet.journal.registry import register

register("notify.channel_created", _("Channel created"), icon="broadcast")
register("notify.channel_changed", _("Channel changed"), icon="edit")
register("notify.channel_disabled", _("Channel disabled"), icon="broadcast-off")
register("notify.channel_tested", _("Channel tested"), icon="send")
