"""Who and what is there before the load: a small fleet with invented data, three people with tokens, a webhook."""

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.test import Client as Browser
from django.utils import timezone

from agents.models import Agent
from bench import data
from billing.models import Account
from billing.services.partitions import ensure_ahead
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User
from cardfleet.accounts.services.access import issue_token
from cardfleet.journal.sealing import seal_journal
from cardfleet.kernel.clock import business_day
from cardfleet.notify.services.wishes import Chosen, choose
from cardfleet.webhooks.services.webhooks import Asked, create_webhook
from cards.choices import CustodyState, ServiceState
from cards.models import Card
from lifecycle.services.connections.editing import record_connection

CARDS = 400
FOLDER = "calls"
# What is told over the webhook: what is kept in order by card.
TOLD = ["agents.*", "cards.*"]


@dataclass(frozen=True)
class Stage:
    """Ids of cards by what is done to them, ids of agents, tokens by role, a session, and the webhook's start."""

    free: list[int]
    held: list[int]
    stopping: list[int]
    numbers: list[str]
    agents: list[int]
    tokens: dict[str, str]
    session: str
    webhook: int


def build() -> Stage:
    """Migrate the empty database and fill it."""
    now = timezone.now()
    call_command("migrate", verbosity=0)
    data.cards(CARDS)
    ensure_ahead(business_day(now))
    Account.objects.update(balance=0)
    people = {role: data.person(role) for role in (Role.SUPERVISOR, Role.FINANCE)}
    admin = User.objects.create(username="chaos-admin", name="Admin", is_staff=True, is_superuser=True)
    for person in (*people.values(), admin):
        person.email = f"{person.username}@example.com"
        person.save(update_fields=["email"])
        # The nights of whoever runs this are no reason to wait with mails.
        quiet = Chosen(email=True, quiet_from=None, quiet_until=None, urgent_through=True, digest_at=None, modes={})
        choose(person=person, chosen=quiet)
    (Path(settings.CONNECTIONS_DIR) / FOLDER).mkdir()
    facts = {"name": "calls", "kind": "folder", "subject": "usage", "every_minutes": 1}
    record_connection(facts={**facts, "settings": {"folder": FOLDER, "source": "bench"}}, actor=admin, now=now)
    seal_journal(now=now)
    asked = Asked(name="chaos", address=f"http://127.0.0.1:{os.environ['CHAOS_HOOK_PORT']}/", actions=TOLD)
    webhook = create_webhook(asked=asked, actor=admin, now=now)
    browser = Browser()
    browser.force_login(admin)
    active = Card.objects.filter(service_state=ServiceState.ACTIVE).order_by("pk")
    held = list(active.filter(custody_state=CustodyState.ISSUED).values_list("pk", flat=True))
    in_use = active.filter(custody_state=CustodyState.ISSUED)
    return Stage(
        free=list(active.filter(custody_state=CustodyState.IN_STOCK).values_list("pk", flat=True)),
        held=held[: len(held) // 2],
        stopping=held[len(held) // 2 :],
        numbers=list(in_use.values_list("msisdn", flat=True)),
        agents=list(Agent.objects.order_by("pk").values_list("pk", flat=True)),
        tokens={role: issue_token(person=person, now=now)[0] for role, person in {**people, Role.ADMIN: admin}.items()},
        session=str(browser.session.session_key),
        webhook=webhook.position,
    )
