"""People and companies that may get no new number for a time (联合惩戒办法 art. 3)."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.editing import check
from cardfleet.kernel.errors import BadInput, Conflict, NotVisible, Reason, Text
from cards.models import Card, Registrant, Sanction
from cards.rules.sanctions import latest_end, no_new_number, usual_end
from cards.selectors.sanctions import sanctioned_people, sanctioned_registrants


@transaction.atomic
def record_sanction(
    *,
    person: User | None = None,
    registrant: Registrant | None = None,
    basis: str,
    source: str,
    starts_on: date,
    ends_on: date | None,
    actor: User | None,
    now: datetime,
) -> Sanction:
    """Record that somebody is under sanction; without a last day it is that of its basis.

    BadInput for a day ahead, a missing end, or more than five years.
    """
    if starts_on > business_day(now):
        raise _unfit("starts_on", "day_ahead", _("This day has not come yet. Correct it."))
    ends_on = ends_on or usual_end(basis, starts_on)
    if ends_on is None:
        raise _unfit("ends_on", "end_missing", _("Say until when; this basis has no usual length."))
    if ends_on > latest_end(starts_on):
        raise _unfit("ends_on", "too_long", _("Sanctions end after five years at the latest. Correct the day."))
    sanction = Sanction(
        person=person,
        registrant=registrant,
        basis=basis,
        source=source,
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_at=now,
        recorded_by=actor,
    )
    check(sanction)
    sanction.save(force_insert=True)
    data = {"basis": basis, "ends_on": ends_on.isoformat()}
    subject = person or sanction
    record(actor=actor, action="cards.sanction_recorded", subject=subject, related=(sanction,), now=now, data=data)
    return sanction


@transaction.atomic
def lift_sanction(*, sanction_id: int, reason: str, actor: User | None, now: datetime) -> Sanction:
    """Lift a sanction, as after an appeal, with the reason. Conflict when it was lifted already."""
    sanction = Sanction.objects.filter(pk=sanction_id).select_related("person").locked().first()
    if sanction is None:
        raise NotVisible
    if not reason.strip():
        raise _unfit("reason", "reason_missing", _("Say why. The reason is kept in the journal."))
    if sanction.lifted_at:
        raise Conflict
    sanction.lifted_at, sanction.lifted_why = now, reason.strip()[:200]
    sanction.save(update_fields=["lifted_at", "lifted_why"])
    subject = sanction.person or sanction
    record(actor=actor, action="cards.sanction_lifted", subject=subject, related=(sanction,), now=now, reason=reason)
    return sanction


def refuse_sanctioned(card: Card, changed: Collection[str], *, now: datetime) -> None:
    """Refuse to register a number to, or for, somebody under sanction."""
    today, reasons = business_day(now), []
    if "actual_user" in changed and card.actual_user_id:
        people = sanctioned_people([card.actual_user_id], today=today)
        reasons += [no_new_number("actual_user", one.ends_on) for one in people.values()]
    if "registrant" in changed and card.registrant:
        until = sanctioned_registrants([card.registrant], today=today)
        reasons += [no_new_number("registrant", day) for day in until.values()]
    if reasons:
        raise BadInput(reasons=reasons)


def _unfit(field: str, code: str, message: Text) -> BadInput:
    return BadInput(reasons=[Reason(code=code, field=field, message=message)])
