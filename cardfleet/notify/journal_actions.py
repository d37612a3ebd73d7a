"""What the journal may say about channels."""

from django.utils.translation import gettext_lazy as _

from cardfleet.journal.registry import one_of, register
from cardfleet.journal.subjects import register_subject
from cardfleet.notify.choices import ChannelKind

register("notify.channel_created", _("Channel created"), icon="broadcast", values={"kind": one_of(ChannelKind)})
register("notify.channel_changed", _("Channel changed"), icon="edit")
register("notify.channel_disabled", _("Channel disabled"), icon="broadcast-off")
register("notify.channel_tested", _("Channel tested"), icon="send")

register("notify.message_resent", _("Message sent again"), icon="send")

register_subject("notify.message", url_name="admin:notify_message_change")
register_subject("notify.channel", url_name="admin:notify_channel_change")
