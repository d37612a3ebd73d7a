"""PIN, PUK and service password: stored encrypted, seen one at a time for a reason (invariant 7; R24, R25)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.models import Entry
from cardfleet.journal.recording import record, subject_of
from cardfleet.kernel.errors import BadInput, NotAllowed, NotVisible
from cardfleet.kernel.reading import Unreadable, compact
from cardfleet.kernel.transactions import one_transaction
from cards.errors import SecretHidden
from cards.models import Card, CardSecret
from cards.rules.identifiers import normalise_pin, normalise_puk
from cards.rules.secrets import TRIES
from cards.services.registrants import reason_missing

FORMS: Mapping[str, Callable[[str], str]] = {
    "pin1": normalise_pin,
    "pin2": normalise_pin,
    "puk1": normalise_puk,
    "puk2": normalise_puk,
    "service_password": compact,
}

TRIES_LEFT = {"pin1": "pin_tries_left", "puk1": "puk_tries_left"}
REVEALED = "cards.secret_revealed"
# How long a person who said why may look, digit by digit.
OPEN_FOR = timedelta(seconds=60)


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
def reveal(
    *, card: Card, field: str, actor: User, reason: str, now: datetime, right: str = "cards.reveal_secret"
) -> str:
    """Return one secret of a card to a person with the right to see it, for a stated reason, and journal it.

    That the person signed in a moment ago is for the page to ask; `right` is the one that opens this card to them.
    NotVisible when nothing is stored.
    """
    if not actor.has_perm(right):
        raise NotAllowed
    if not reason.strip():
        raise BadInput(reasons=[reason_missing()])
    if field not in FORMS:
        raise NotVisible
    value = _stored(card, field)
    record(actor=actor, action=REVEALED, subject=card, reason=reason, now=now, data={"field": field})
    return value


def revealed_lately(*, card: Card, field: str, actor: User, now: datetime) -> str:
    """Return a secret again to whom it was revealed within the last minute, as the journal says. SecretHidden later."""
    looks = Entry.objects.filter(action=REVEALED, subject=subject_of(card), actor=actor, data__field=field)
    if not looks.filter(at__gt=now - OPEN_FOR, at__lte=now).exists():
        raise SecretHidden
    return _stored(card, field)


@one_transaction
def record_try(*, card_id: int, field: str, is_right: bool, actor: User | None, now: datetime) -> int:
    """Record that a PIN1 or PUK1 was typed into a phone, and return how many wrong tries are left.

    A right PIN gives its tries back, a right PUK those of both (the PIN is a new one then). At none left there is
    nothing more to lose. NotVisible for a secret whose tries nobody counts.
    """
    if field not in TRIES:
        raise NotVisible
    card = Card.objects.locked().get(pk=card_id)
    known, _created = CardSecret.objects.get_or_create(card=card)
    cured = ("pin1", "puk1") if field == "puk1" else ("pin1",)
    for name in cured if is_right else (field,):
        left = TRIES[name] if is_right else max(getattr(known, TRIES_LEFT[name]) - 1, 0)
        setattr(known, TRIES_LEFT[name], left)
    known.save(update_fields=list(TRIES_LEFT.values()))
    left = int(getattr(known, TRIES_LEFT[field]))
    record(actor=actor, action="cards.secret_tried", subject=card, now=now, data={"field": field, "left": left})
    return left


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
    stored.pin_tries_left, stored.puk_tries_left = TRIES["pin1"], TRIES["puk1"]
    stored.changed_at = now
    stored.save(update_fields=[*erased, "pin_tries_left", "puk_tries_left", "changed_at"])
    data = {"fields": erased}
    record(actor=actor, action="cards.secrets_voided", subject=stored.card, reason=reason, now=now, data=data)
    return erased


def _stored(card: Card, field: str) -> str:
    stored = CardSecret.objects.filter(card=card).first()
    value = str(getattr(stored, field)) if stored else ""
    if not value:
        raise NotVisible
    return value


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
