"""Webhooks: who is told of which events, signed by what."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from cardfleet.accounts.models import User
from cardfleet.journal import registry
from cardfleet.journal.models import Seal
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.kernel.outgoing import AddressUnusable, refuse_unusable
from cardfleet.notify.services.telling import tell
from cardfleet.webhooks.choices import DeliveryState, DisabledFor
from cardfleet.webhooks.errors import ActionsUnknown, SecretUnfit, WebhookNameTaken
from cardfleet.webhooks.models import Delivery, Webhook
from cardfleet.webhooks.rules.matching import unknown
from cardfleet.webhooks.rules.signing import key_of, secret_of

OVERLAP = timedelta(hours=24)
KEY_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a webhook is called, where it leads and what it asks for; empty conditions ask for everything."""

    name: str
    address: str
    actions: Sequence[str]
    kinds: Sequence[str] = ()
    about: Sequence[str] = ()


@transaction.atomic
def create_webhook(*, asked: Asked, secret: str = "", actor: User, now: datetime) -> Webhook:
    """Make a webhook that is told of what happens from now on; without a secret it is given one.

    WebhookNameTaken, ActionsUnknown, SecretUnfit.
    """
    head = Seal.objects.head()
    webhook = Webhook(
        **_plain(asked), secret=_fit(secret) or _new_secret(), owner=actor, position=head.position if head else 0
    )
    _refuse_unfit(webhook)
    webhook.save(force_insert=True)
    data = {"actions": list(webhook.actions)}
    record(actor=actor, action="webhooks.webhook_created", subject=webhook, now=now, data=data)
    return webhook


@transaction.atomic
def change_webhook(*, webhook: Webhook, asked: Asked, is_active: bool, actor: User, now: datetime) -> Webhook:
    """Change a webhook. Switched on again, it is sent at once what waited for it meanwhile. Errors as `create_webhook`.

    Who switches it on is told of its failures from then on.
    """
    webhook = Webhook.objects.locked().get(pk=webhook.pk)
    wakes = is_active and not webhook.is_active
    wanted = {**_plain(asked), "is_active": is_active}
    if wakes:
        wanted |= {"disabled_for": "", "owner": actor}
        waiting = Delivery.objects.filter(webhook=webhook, state=DeliveryState.PENDING)
        waiting.update(due_at=now, tries=0, tried_since=None)
    changed = [name for name, value in wanted.items() if getattr(webhook, name) != value]
    for name in changed:
        setattr(webhook, name, wanted[name])
    _refuse_unfit(webhook)
    if changed:
        webhook.save(update_fields=changed)
        record(actor=actor, action="webhooks.webhook_changed", subject=webhook, now=now, data={"fields": changed})
    return webhook


@transaction.atomic
def renew_secret(*, webhook: Webhook, secret: str = "", actor: User, now: datetime) -> Webhook:
    """Give a webhook a new secret; the old one signs beside it for a day. SecretUnfit."""
    webhook = Webhook.objects.locked().get(pk=webhook.pk)
    webhook.old_secret, webhook.old_secret_until = webhook.secret, now + OVERLAP
    webhook.secret = _fit(secret) or _new_secret()
    webhook.save(update_fields=["secret", "old_secret", "old_secret_until"])
    data = {"until": webhook.old_secret_until.isoformat()}
    record(actor=actor, action="webhooks.secret_renewed", subject=webhook, now=now, data=data)
    return webhook


@transaction.atomic
def disable_webhook(*, webhook: Webhook, why: DisabledFor, now: datetime) -> None:
    """Switch off a webhook by itself and tell its owner, or the keepers of webhooks; what is for it waits."""
    if not Webhook.objects.active().filter(pk=webhook.pk).update(is_active=False, disabled_for=why):
        return
    record(actor=None, action="webhooks.webhook_disabled", subject=webhook, now=now, data={"cause": why.value})
    tell_owner(webhook=webhook, code="webhooks.disabled", key=f"disabled:{now.isoformat()}", now=now)


def tell_owner(*, webhook: Webhook, code: str, key: str, now: datetime) -> None:
    """Tell who has to look at a webhook: its owner, or those who keep webhooks where the owner has gone."""
    owners = [webhook.owner] if webhook.owner.is_active else User.objects.with_right("webhooks.change_webhook")
    for person in owners:
        tell(
            user=person,
            code=code,
            params={"webhook": webhook.name},
            key=f"webhook:{webhook.pk}:{key}",
            url=reverse("admin:webhooks_webhook_change", args=[webhook.pk]),
            email=True,
            now=now,
        )


def _plain(asked: Asked) -> dict[str, object]:
    given = asdict(asked)
    lists = {name: [one.strip() for one in given[name] if one.strip()] for name in ("actions", "kinds", "about")}
    return {"name": asked.name.strip(), "address": asked.address.strip(), **lists}


def _new_secret() -> str:
    return secret_of(secrets.token_bytes(KEY_BYTES))


def _fit(secret: str) -> str:
    """Return a secret that fits, or that none was given. SecretUnfit."""
    given = secret.strip()
    if given and key_of(given) is None:
        raise _of_field(SecretUnfit, "secret")
    return given


def _refuse_unfit(webhook: Webhook) -> None:
    if Webhook.objects.filter(name=webhook.name).exclude(pk=webhook.pk).exists():
        raise _of_field(WebhookNameTaken, "name")
    try:
        refuse_unusable(webhook.address, allowed=settings.OUTGOING_ALLOWED_HOSTS)
    except AddressUnusable as refusal:
        raise _of_field(AddressUnusable, "address") from refusal
    strange = unknown(webhook.actions, [action.code for action in registry.actions()])
    if strange or not webhook.actions:
        raise _of_field(ActionsUnknown, "actions", patterns=", ".join(strange) or "—")


def _of_field(kind: type[BadInput], field: str, **named: str) -> BadInput:
    """Return a refusal that names the field it is about."""
    sentence = str(kind.sentence).format(**named)
    return kind(message=sentence, reasons=[Reason(code=kind.code, message=sentence, field=field)])
