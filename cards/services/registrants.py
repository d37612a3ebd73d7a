"""In whose name cards are (R23). ID numbers are stored encrypted and found by fingerprint."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.crypto import fingerprint
from cardfleet.kernel.editing import assign
from cardfleet.kernel.errors import BadInput, NotAllowed, Reason
from cardfleet.kernel.reading import Unreadable
from cards.models import Registrant
from cards.rules.id_numbers import normalise_id_number

EDITABLE = frozenset(
    {"kind", "name", "id_number", "proof", "proof_dated_on", "proof_valid_until", "quota", "staff", "handler_name"}
)


@transaction.atomic
def record_registrant(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> Registrant:
    """Record a person or company from values by field name; the same ID number twice is refused."""
    registrant = Registrant()
    named = _assign(registrant, facts, today=business_day(now))
    registrant.save(force_insert=True)
    record(actor=actor, action="cards.registrant_recorded", subject=registrant, now=now, data={"fields": named})
    return registrant


@transaction.atomic
def edit_registrant(*, registrant_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> Registrant:
    """Change a registrant; the journal names the fields, never their values."""
    registrant = Registrant.objects.select_for_update().get(pk=registrant_id)
    changed = _assign(registrant, changes, today=business_day(now))
    if changed:
        stored = [*changed, "id_fingerprint"] if "id_number" in changed else changed
        registrant.save(update_fields=stored)
        record(actor=actor, action="cards.registrant_edited", subject=registrant, now=now, data={"fields": changed})
    return registrant


@transaction.atomic
def reveal_id_number(*, registrant_id: int, reason: str, actor: User, now: datetime) -> str:
    """Return an ID number to a person with the right to see it, for a stated reason, and journal that it was seen."""
    if not actor.has_perm("cards.view_id_number"):
        raise NotAllowed
    if not reason.strip():
        raise BadInput(reasons=[reason_missing()])
    registrant = Registrant.objects.get(pk=registrant_id)
    record(actor=actor, action="cards.id_number_revealed", subject=registrant, reason=reason, now=now)
    return str(registrant.id_number)


def reason_missing() -> Reason:
    """Return what is asked of someone who wants to see a secret without saying why."""
    return Reason(code="reason_missing", message=_("Say why you need to see it. The reason is kept."), field="reason")


def _assign(registrant: Registrant, values: Mapping[str, Any], *, today: date) -> list[str]:
    """Put values on a registrant and keep the fingerprint in step with the ID number."""
    kind = values.get("kind", registrant.kind)
    try:
        id_number = normalise_id_number(values.get("id_number", registrant.id_number), kind=kind)
    except Unreadable as error:
        raise BadInput(reasons=[error.as_reason(field="id_number")]) from None
    _refuse_unfit_proof(
        dated_on=values.get("proof_dated_on", registrant.proof_dated_on),
        valid_until=values.get("proof_valid_until", registrant.proof_valid_until),
        today=today,
    )
    registrant.id_fingerprint = fingerprint(id_number) if id_number else None
    return assign(registrant, {**values, "id_number": id_number}, editable=EDITABLE)


def _refuse_unfit_proof(*, dated_on: date | None, valid_until: date | None, today: date) -> None:
    if dated_on and dated_on > today:
        message = _("This day has not come yet. A proof is dated today at the latest.")
        raise BadInput(reasons=[Reason(code="day_ahead", field="proof_dated_on", message=message)])
    if dated_on and valid_until and valid_until < dated_on:
        message = _("A proof cannot end before it was made out.")
        raise BadInput(reasons=[Reason(code="dates_run_backwards", field="proof_valid_until", message=message)])
