"""What messages hold in words about people."""

from cardfleet.kernel.personal import keeps

keeps("notify.channel", person=("owner",), blank=("address", "secret"), says=("name", "disabled_reason"))
keeps("notify.inboxitem", person=("user",), goes=True, says=("params", "url"), plain=("key", "code"))
keeps("notify.preference", person=("user",), goes=True)
keeps("notify.subscription", person=("user",), goes=True, plain=("topic",))
keeps("notify.message", says=("email", "subject", "body"), plain=("key",))
keeps("notify.delivery", says=("detail",))
