"""PIN, PUK and service password: stored encrypted, seen one at a time for a reason (invariant 7; R24, R25)."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import BadInput, NotAllowed, NotVisible
from cardfleet.kernel.reading import Unreadable, compact
from cardfleet.kernel.transactions import one_transaction
from cards.models import Card, CardSecret
from cards.rules.identifiers import normalise_pin, normalise_puk
from cards.services.registrants import reason_missing

FORMS: Mapping[str, Callable[[str], str]] = {
    "pin1": normalise_pin,
    "pin2": normalise_pin,
    "puk1": normalise_puk,
    "puk2": normalise_puk,
    "service_password": compact,
}

# Wrong tries that a new PIN and PUK bear.
TRIES = (3, 10)


@transaction.atomic
def set_secrets(*, card_id: int, secrets: Mapping[str, str], actor: User | None, now: datetime) -> None:
    """Store secrets by name (see FORMS); an empty one removes it. What differs moves the date of the last change."""
    card = Card.objects.locked().get(pk=card_id)
    stored, _created = CardSecret.objects.get_or_create(card=card)
    wanted = _readable(secrets)
    changed = sorted(name for name, value in wanted.items() if getattr(stored, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(stored, name, wanted[name])
    stored.changed_at = now
    stored.save(update_fields=[*changed, "changed_at"])
    record(actor=actor, action="cards.secrets_set", subject=card, now=now, data={"fields": changed})


@transaction.atomic
def reveal(*, card: Card, field: str, actor: User, reason: str, now: datetime) -> str:
    """Return one secret of a card to a person with the right to see it, for a stated reason, and journal it.

    That the person signed in a moment ago is for the page to ask. NotVisible when nothing is stored.
    """
    if not actor.has_perm("cards.reveal_secret"):
        raise NotAllowed
    if not reason.strip():
        raise BadInput(reasons=[reason_missing()])
    if field not in FORMS:
        raise NotVisible
    stored = CardSecret.objects.filter(card=card).first()
    value = str(getattr(stored, field)) if stored else ""
    if not value:
        raise NotVisible
    record(actor=actor, action="cards.secret_revealed", subject=card, reason=reason, now=now, data={"field": field})
    return value


@one_transaction
def void_secrets(*, card_id: int, reason: str, actor: User | None, now: datetime) -> list[str]:
    """Erase the secrets of a SIM that is lost, replaced or destroyed, and return the names of those that were stored.

    What was encrypted is overwritten: nobody, we included, reads it again. A SIM that turns up, and the new one, get
    their own from the carrier. Nothing is journalled where nothing was stored.
    """
    stored = CardSecret.objects.filter(card_id=card_id).select_related("card").select_for_update(of=("self",)).first()
    erased = sorted(name for name in FORMS if stored and getattr(stored, name))
    if stored is None or not erased:
        return []
    for name in erased:
        setattr(stored, name, "")
    stored.pin_tries_left, stored.puk_tries_left = TRIES
    stored.changed_at = now
    stored.save(update_fields=[*erased, "pin_tries_left", "puk_tries_left", "changed_at"])
    data = {"fields": erased}
    record(actor=actor, action="cards.secrets_voided", subject=stored.card, reason=reason, now=now, data=data)
    return erased


def _readable(secrets: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets in their stored form; BadInput names the fields, never the values."""
    read, faults = {}, []
    for name, text in secrets.items():
        try:
            read[name] = FORMS[name](text) if text else ""
        except Unreadable as error:
            faults.append(error.as_reason(field=name))
    if faults:
        raise BadInput(reasons=faults)
    return read
