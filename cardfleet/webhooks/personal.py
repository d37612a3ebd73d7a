"""What webhooks hold in words about people: what receivers answered."""

from cardfleet.kernel.personal import keeps

keeps(
    "webhooks.webhook",
    says=("name",),
    plain=("address", "actions", "kinds", "about", "secret", "old_secret"),
)
keeps("webhooks.delivery", plain=("lanes",))
keeps("webhooks.attempt", says=("answer",))
