"""The yearly check of all numbers under one's ID (一证通查): asked of each, answered by them, compared (R85; art. 10).

Nobody asks for anybody else: the national service answers the person alone. Only counts are kept.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record, record_many
from cardfleet.kernel.bulk import insert_many
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput, Conflict, NotVisible, Reason
from cards.choices import RegistrantKind
from cards.models import Card, IdCheck

ANSWER_DAYS = 30


@transaction.atomic
def ask_id_checks(*, people: Sequence[User], today: date, now: datetime) -> list[User]:
    """Ask people whom nobody asked this year yet, and return them; run twice, once is enough."""
    asked = set(IdCheck.objects.filter(year=today.year, person__in=people).values_list("person", flat=True))
    new = [person for person in people if person.pk not in asked]
    due_on = today + timedelta(days=ANSWER_DAYS)
    insert_many([IdCheck(person=person, year=today.year, asked_at=now, due_on=due_on) for person in new])
    record_many([Deed(action="cards.id_check_asked", subject=person) for person in new], actor=None, now=now)
    return new


@transaction.atomic
def answer_id_check(
    *, check_id: int, checked_on: date, found: int, foreign: int, actor: User, now: datetime
) -> IdCheck:
    """Keep what a person found under their own ID: how many numbers, and how many of them they do not know.

    NotVisible for anybody else's; BadInput for a day ahead, or more unknown numbers than found.
    """
    known = IdCheck.objects.filter(pk=check_id, person=actor).locked().first()
    if known is None:
        raise NotVisible
    if known.answered_at:
        raise Conflict
    if checked_on > business_day(now):
        message = _("This day has not come yet. Correct it.")
        raise BadInput(reasons=[Reason(code="day_ahead", field="checked_on", message=message)])
    if foreign > found:
        message = _("More unknown numbers than were found at all. Correct one of them.")
        raise BadInput(reasons=[Reason(code="more_than_found", field="foreign", message=message)])
    known.checked_on, known.found, known.foreign = checked_on, found, foreign
    known.known, known.answered_at = numbers_known_of(actor), now
    known.save(update_fields=["checked_on", "found", "foreign", "known", "answered_at"])
    data = {"found": found, "known": known.known, "foreign": foreign}
    record(actor=actor, action="cards.id_check_answered", subject=actor, related=(known,), now=now, data=data)
    return known


@transaction.atomic
def settle_id_check(*, check_id: int, note: str, actor: User | None, now: datetime) -> IdCheck:
    """Note what was done about a difference. Conflict where there is none, or it was settled."""
    known = IdCheck.objects.filter(pk=check_id).select_related("person").locked().first()
    if known is None:
        raise NotVisible
    if not note.strip():
        message = _("Say what was done: numbers cancelled, the registration corrected, the answer explained.")
        raise BadInput(reasons=[Reason(code="note_missing", field="note", message=message)])
    if not known.differs or known.settled_at:
        raise Conflict
    known.settled_at, known.settled_by, known.note = now, actor, note.strip()[:200]
    known.save(update_fields=["settled_at", "settled_by", "note"])
    record(actor=actor, action="cards.id_check_settled", subject=known.person, related=(known,), now=now, reason=note)
    return known


def numbers_known_of(person: User) -> int:
    """Return how many live numbers our books have in a person's own name."""
    own = Q(registrant__staff=person) | Q(registrant__kind=RegistrantKind.PERSON, actual_user=person)
    return Card.objects.live().filter(own).count()
