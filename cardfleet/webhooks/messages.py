"""What owners of webhooks are told."""

from django.utils.translation import gettext_lazy as _

from cardfleet.notify.wording import register

register(
    "webhooks.disabled",
    subject=_("Webhook {webhook} was disabled"),
    body=_("Its receiver gets no events any more. They wait: put right what is wrong, then switch it on again."),
)
register(
    "webhooks.event_failed",
    subject=_("An event did not reach webhook {webhook}"),
    body=_("It was tried for a day while others got through. See what the receiver answered, and send it once more."),
)
