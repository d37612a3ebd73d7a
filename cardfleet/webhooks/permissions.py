"""Who keeps webhooks, and who sees what was sent: data that leaves is a matter of administrators and compliance."""

from cardfleet.accounts.choices import Role
from cardfleet.accounts.roles import grant

grant("webhooks.view_webhook", Role.COMPLIANCE)
grant("webhooks.add_webhook")
grant("webhooks.change_webhook")
grant("webhooks.view_delivery", Role.COMPLIANCE)
grant("webhooks.change_delivery")
grant("webhooks.view_attempt", Role.COMPLIANCE)
