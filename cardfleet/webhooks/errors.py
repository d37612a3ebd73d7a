"""What webhooks refuse."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Conflict


class WebhookNameTaken(BadInput):
    """Another webhook has this name."""

    code = "webhook_name_taken"
    sentence = _("Another webhook has this name already. Choose another.")


class ActionsUnknown(BadInput):
    """No action of the journal fits."""

    code = "webhook_actions_unknown"
    sentence = _("No action fits {patterns}. Give codes (lifecycle.card_issued), beginnings (cards.*), or *.")


class SecretUnfit(BadInput):
    """The secret is none of Standard Webhooks."""

    code = "webhook_secret_unfit"
    sentence = _("The secret does not fit. Give whsec_ and 24 to 64 bytes in base64: openssl rand -base64 32.")


class BeingSent(Conflict):
    """The event is on its way at this moment."""

    code = "webhook_being_sent"
    sentence = _("This event is being sent at this moment. Look again in a minute.")


class WebhookOff(Conflict):
    """Nothing is sent to a webhook that is switched off."""

    code = "webhook_off"
    sentence = _("This webhook is switched off. Switch it on; what waits for it is sent then.")
