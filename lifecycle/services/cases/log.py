"""What is said and proved about a case: contacts, comments, documents (R18, R19, R44, R54). Only ever added to."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.base import File
from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import Reason
from lifecycle.choices import ContactChannel, EscalationLevel
from lifecycle.errors import CaseCommentMissing, ContactUnfit
from lifecycle.models import CaseComment, CaseContact
from lifecycle.rules.cases.log import unmet_of_contact
from lifecycle.services.cases.handling import raise_level
from lifecycle.services.cases.writing import lock_case, store_proofs

LONGEST = 2000


@transaction.atomic
def record_contact(
    *,
    case_id: int,
    channel: str,
    said: str,
    person: str = "",
    ticket: str = "",
    at: datetime | None = None,
    level: int = EscalationLevel.SUPPORT,
    actor: User | None,
    now: datetime,
) -> CaseContact:
    """Record who said what, when, under which ticket. ContactUnfit, CaseClosed, NotVisible.

    A contact at a higher level than the case's raises the case to it.
    """
    case = lock_case(case_id).case
    if reasons := list(unmet_of_contact(said=said, at=at or now, opened_at=case.opened_at, now=now)):
        raise ContactUnfit(reasons=reasons)
    contact = CaseContact(
        case=case,
        channel=ContactChannel(channel),
        said=said.strip(),
        person=person.strip(),
        ticket=ticket.strip(),
        at=at or now,
        level=level,
        recorded_at=now,
        recorded_by=actor,
    )
    contact.save(force_insert=True)
    record(
        actor=actor,
        action="lifecycle.case_contact",
        subject=case,
        related=(case.card,),
        now=now,
        data={"level": int(level), "ticket": contact.ticket},
    )
    if level > case.level:
        raise_level(case, level, reason="", actor=actor, now=now)
    return contact


@transaction.atomic
def comment(*, case_id: int, text: str, actor: User | None, now: datetime) -> CaseComment:
    """Write a comment, also on a closed case: tips for the next one (R20). CaseCommentMissing, NotVisible."""
    if not text.strip() or len(text) > LONGEST:
        raise CaseCommentMissing(
            reasons=[Reason(code=CaseCommentMissing.code, message=CaseCommentMissing.sentence, field="text")]
        )
    case = lock_case(case_id, closed_too=True).case
    written = CaseComment.objects.create(case=case, at=now, by=actor, text=text.strip())
    record(actor=actor, action="lifecycle.case_commented", subject=case, related=(case.card,), now=now)
    return written


@transaction.atomic
def attach_proof(
    *, case_id: int, evidence: Sequence["File[bytes]"], step_id: int | None = None, actor: User | None, now: datetime
) -> list[StoredFile]:
    """Add documents to an open case, as proof of a step where one is named. Errors of `files.services.store`."""
    locked = lock_case(case_id)
    step = locked.step(step_id) if step_id else None
    stored = store_proofs(locked.case, evidence, step=step, actor=actor, now=now)
    data = {"step": step.code} if step else {}
    record(
        actor=actor,
        action="lifecycle.step_proved",
        subject=locked.case,
        related=(locked.card, *stored),
        now=now,
        data=data,
    )
    return stored
