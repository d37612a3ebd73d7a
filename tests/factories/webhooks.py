"""Webhooks and what goes to them: the least that is valid."""

from django.db import transaction

from cardfleet.accounts.choices import Role
from cardfleet.journal.recording import record
from cardfleet.journal.sealing import seal_journal
from cardfleet.webhooks.models import Delivery, Webhook
from cardfleet.webhooks.services.spreading import spread
from cardfleet.webhooks.services.webhooks import Asked, create_webhook
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"


def webhook_of(owner=None, *, secret: str = SECRET, **asked) -> Webhook:
    """Return a webhook of an administrator (the reference data must be loaded), told of everything from now on."""
    seal_journal(now=FRIDAY)
    facts = {"name": f"Webhook {Webhook.objects.count()}", "address": "https://receiver.example/", "actions": ["*"]}
    actor = owner or PersonFactory(role=Role.ADMIN)
    return create_webhook(asked=Asked(**(facts | asked)), secret=secret, actor=actor, now=FRIDAY)


def happens(subject: str = "cards.card:7", **facts) -> None:
    """Let something be done that the journal knows."""
    with transaction.atomic():
        record(**({"actor": None, "action": "accounts.team_renamed", "subject": subject, "now": FRIDAY} | facts))


def delivery_of(webhook: Webhook | None = None) -> Delivery:
    """Return an event that waits for a webhook."""
    webhook = webhook or webhook_of(actions=["accounts.team_renamed"])
    happens()
    seal_journal(now=FRIDAY)
    spread(now=FRIDAY)
    return webhook.deliveries.latest("pk")
