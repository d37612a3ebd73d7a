"""What the journal may say about webhooks."""

from django.utils.translation import gettext_lazy as _

from cardfleet.journal.registry import one_of, register
from cardfleet.journal.subjects import register_subject
from cardfleet.webhooks.choices import DisabledFor

register("webhooks.webhook_created", _("Webhook created"), icon="webhook")
register("webhooks.webhook_changed", _("Webhook changed"), icon="edit")
register("webhooks.secret_renewed", _("Secret of a webhook changed"), icon="key")
register("webhooks.webhook_disabled", _("Webhook disabled"), icon="webhook-off", values={"cause": one_of(DisabledFor)})
register("webhooks.event_replayed", _("Event sent once more"), icon="send")

register_subject("webhooks.webhook", url_name="admin:webhooks_webhook_change")
register_subject("webhooks.delivery", url_name="admin:webhooks_delivery_change", related=("webhook",))
