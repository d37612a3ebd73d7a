"""Texts read again, what had changed, and who was told (R21)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput, NotVisible, Reason
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell_many
from lifecycle.choices import LawFinding
from lifecycle.messages import LAW_CHANGED
from lifecycle.models import DirectoryEntry, Law, LawReview
from lifecycle.rules.desk.shipped import DIRECTORY, LAWS


@transaction.atomic
def review_law(
    *, law_id: int, finding: str, note: str, next_on: date, tell: bool, actor: User | None, now: datetime
) -> LawReview:
    """Record a review: it stays, sets the next one, and tells whoever sees the register where that was asked."""
    law = Law.objects.select_for_update().filter(pk=law_id).first()
    if law is None:
        raise NotVisible
    if unmet := _unmet(finding, note, next_on, business_day(now)):
        raise BadInput(reasons=unmet)
    law.review_on, law.is_active = next_on, finding != LawFinding.ENDED
    law.save(update_fields=["review_on", "is_active"])
    people = list(User.objects.with_right("lifecycle.view_law")) if tell else []
    review = LawReview.objects.create(
        law=law, at=now, by=actor, finding=finding, note=note.strip(), next_on=next_on, told=len(people)
    )
    told = {"law": law.name, "note": review.note}
    key, url = f"law-review:{review.pk}", url_or_empty("lifecycle:law", law.pk)
    tell_many(tellings=[Telling(user=one, code=LAW_CHANGED, params=told, key=key, url=url) for one in people], now=now)
    data = {"finding": finding, "told": len(people)}
    record(actor=actor, action="lifecycle.law_reviewed", subject=law, now=now, data=data)
    return review


def _unmet(finding: str, note: str, next_on: date, today: date) -> list[Reason]:
    found = []
    if next_on <= today:
        message = _("The next review lies ahead. Choose a later day.")
        found.append(Reason(code="next_not_ahead", field="next_on", message=message))
    if finding != LawFinding.UNCHANGED and not note.strip():
        message = _("Say what changed, and what we do about it.")
        found.append(Reason(code="change_missing", field="note", message=message))
    return found


@transaction.atomic
def load_register(*, now: datetime) -> None:
    """Write the texts and offices an installation begins with that are missing; each text is due to be read at once."""
    today = business_day(now)
    laws = [
        Law(kind=kind, name=name, articles=articles, asks=asks, source=source, review_on=today)
        for kind, name, articles, asks, source in LAWS
    ]
    Law.objects.bulk_create(laws, ignore_conflicts=True)
    entries = [
        DirectoryEntry(kind=kind, name=name, phone=phone, serves=serves) for kind, name, phone, serves in DIRECTORY
    ]
    DirectoryEntry.objects.bulk_create(entries, ignore_conflicts=True)
