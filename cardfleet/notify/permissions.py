"""What each role may do with channels and the outbox."""

from cardfleet.accounts.choices import Role
from cardfleet.accounts.roles import grant

grant("notify.view_channel", Role.COMPLIANCE)
grant("notify.add_channel")
grant("notify.change_channel")
grant("notify.view_message", Role.COMPLIANCE)
grant("notify.change_message")
grant("notify.view_delivery", Role.COMPLIANCE)
