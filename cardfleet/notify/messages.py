"""The platform's own messages."""

from django.utils.translation import gettext_lazy as _

from cardfleet.notify.wording import register

register(
    "notify.test",
    subject=_("Test from CardFleet"),
    body=_("This channel works. {person} sent this test."),
)
register(
    "notify.channel_disabled",
    subject=_("Channel {channel} was disabled"),
    body=_("Messages no longer get through: {detail}. Correct its address and switch it on again."),
)
