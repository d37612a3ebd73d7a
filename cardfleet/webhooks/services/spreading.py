"""From the journal to webhooks: each is given what it asks for of the events since it last looked."""

from datetime import datetime

from django.db import transaction

from cardfleet.journal.belonging import belongings
from cardfleet.journal.filters import CARD
from cardfleet.journal.models import Seal
from cardfleet.webhooks.choices import DisabledFor
from cardfleet.webhooks.models import Delivery, Webhook
from cardfleet.webhooks.rules.matching import is_asked_for, lanes_of
from cardfleet.webhooks.services.webhooks import disable_webhook

AT_ONCE = 5000


def spread(*, now: datetime) -> int:
    """Give every active webhook what it asks for of all sealed events, and return how many deliveries there are."""
    found = 0
    for pk in Webhook.objects.active().values_list("pk", flat=True):
        while (count := spread_next(pk=pk, now=now)) is not None:
            found += count
    return found


@transaction.atomic
def spread_next(*, pk: int, now: datetime) -> int | None:
    """Give one webhook what it asks for of the next AT_ONCE events, and return how many; None when there are no more.

    Deliveries and position are stored together, so that each event is looked at once. Whose a card is counts as it is
    now. One whose owner may not read
    the journal any more is switched off.
    """
    found = Webhook.objects.active().select_for_update(of=("self",), skip_locked=True).select_related("owner")
    webhook = found.filter(pk=pk).first()
    if webhook is None:
        return None
    if not webhook.owner.is_active or not webhook.owner.has_perm("journal.view_journal"):
        disable_webhook(webhook=webhook, why=DisabledFor.OWNER, now=now)
        return None
    events = Seal.objects.filter(position__gt=webhook.position).order_by("position")
    rows = list(events.values_list("position", "entry__action", "entry__subject", "entry__related")[:AT_ONCE])
    if not rows:
        return None
    named = {thing for _position, _action, subject, related in rows for thing in (subject, *related)}
    owners = belongings(named) if webhook.about else {}
    deliveries = []
    for position, action, subject, related in rows:
        subjects = [subject, *related]
        if is_asked_for(
            actions=webhook.actions,
            kinds=webhook.kinds,
            about=webhook.about,
            action=action,
            subjects=subjects,
            belongings=owners,
        ):
            lanes = lanes_of(subjects, kept_in_order=CARD)
            deliveries.append(Delivery(webhook=webhook, seal_id=position, lanes=lanes, due_at=now))
    Delivery.objects.bulk_create(deliveries, batch_size=1000)
    webhook.position = rows[-1][0]
    webhook.save(update_fields=["position"])
    return len(deliveries)
