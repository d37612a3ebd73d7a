"""Checklists as versions, and audits gone through by them (R57)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.files.services import store
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput, NotVisible, Reason
from lifecycle.choices import ChecklistKind, PurposeStanding
from lifecycle.errors import AuditRefused
from lifecycle.models import Audit, AuditAnswer, Checklist
from lifecycle.rules.desk.audits import Answer, unmet_answer, unmet_to_close
from lifecycle.rules.desk.shipped import QUESTIONS
from lifecycle.selectors.desk.audits import answers_of
from lifecycle.selectors.desk.purposes import industry_standings

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext(%s))"


@transaction.atomic
def write_checklist(
    *, kind: str, questions: Sequence[str], reason: str, actor: User | None, now: datetime
) -> Checklist:
    """Write the next version of a list; audits that run keep theirs. BadInput without questions."""
    if not questions:
        message = _("A checklist has a question at least.")
        raise BadInput(reasons=[Reason(code="no_questions", field="questions", message=message)])
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [f"lifecycle.checklist.{kind}"])
    before = Checklist.objects.filter(kind=kind).order_by("-version").first()
    checklist = Checklist.objects.create(
        kind=kind,
        version=before.version + 1 if before else 1,
        questions=list(questions),
        reason=reason,
        written_at=now,
        written_by=actor,
    )
    data = {"version": checklist.version}
    record(actor=actor, action="lifecycle.checklist_written", subject=checklist, now=now, data=data)
    return checklist


@transaction.atomic
def load_checklists(*, now: datetime) -> None:
    """Write the shipped lists of which there is no version yet."""
    known = set(Checklist.objects.values_list("kind", flat=True))
    Checklist.objects.bulk_create(
        Checklist(kind=kind, version=1, questions=list(QUESTIONS[kind]), reason="默认清单", written_at=now)
        for kind in ChecklistKind
        if kind not in known
    )


@transaction.atomic
def open_audit(*, kind: str, title: str, due_on: date, actor: User | None, now: datetime, industry: str = "") -> Audit:
    """Begin an audit by the latest list. AuditRefused for a campaign of a forbidden industry (R3)."""
    checklist = Checklist.objects.filter(kind=kind).order_by("-version").first()
    if checklist is None:
        raise NotVisible
    standing = industry_standings(business_day(now)).get(industry.strip())
    if standing and standing.standing == PurposeStanding.FORBIDDEN:
        message = _("Cards may not be used for this industry: it is on the forbidden list.")
        raise AuditRefused(
            reasons=[Reason(code="industry_forbidden", field="industry", message=message, clears=standing.source)]
        )
    audit = Audit.objects.create(
        checklist=checklist, title=title, industry=industry.strip(), due_on=due_on, opened_at=now, opened_by=actor
    )
    record(actor=actor, action="lifecycle.audit_opened", subject=audit, now=now)
    return audit


@transaction.atomic
def answer_audit(
    *,
    audit_id: int,
    answers: Mapping[int, Answer],
    files: Mapping[int, "File[bytes]"],
    actor: User | None,
    now: datetime,
) -> list[int]:
    """Write the answers that differ and return their questions. BadInput names each that lacks its word or day."""
    audit = _locked(audit_id)
    known = answers_of(audit)
    questions = range(1, len(audit.checklist.questions) + 1)
    changed = {
        number: answer
        for number, answer in answers.items()
        if number in questions and (number in files or known.get(number) != answer)
    }
    if unmet := [reason for number, answer in changed.items() for reason in unmet_answer(number, answer)]:
        raise BadInput(reasons=unmet)
    for number, answer in changed.items():
        facts: dict[str, Any] = {
            "verdict": answer.verdict,
            "note": answer.note.strip(),
            "measure_by": answer.measure_by,
            "at": now,
            "by": actor,
        }
        if number in files:
            file = files[number]
            facts["proof"] = store(
                content=file, name=file.name or "file", purpose="audit", owner=actor, now=now, subject=audit
            )
        AuditAnswer.objects.update_or_create(audit=audit, number=number, defaults=facts)
    if changed:
        data = {"questions": sorted(changed)}
        record(actor=actor, action="lifecycle.audit_answered", subject=audit, now=now, data=data)
    return sorted(changed)


@transaction.atomic
def close_audit(*, audit_id: int, conclusion: str, actor: User | None, now: datetime) -> Audit:
    """Close an audit with its conclusion; it stays as it is from then on. AuditRefused names what is open."""
    audit = _locked(audit_id)
    unmet = unmet_to_close(audit.checklist.questions, answers_of(audit))
    if not conclusion.strip():
        unmet.append(Reason(code="conclusion_missing", field="conclusion", message=_("Write the conclusion.")))
    if unmet:
        raise AuditRefused(reasons=unmet)
    audit.conclusion, audit.closed_at, audit.closed_by = conclusion.strip(), now, actor
    audit.save(update_fields=["conclusion", "closed_at", "closed_by"])
    record(actor=actor, action="lifecycle.audit_closed", subject=audit, now=now)
    return audit


def _locked(audit_id: int) -> Audit:
    audit = Audit.objects.select_for_update(of=("self",)).select_related("checklist").filter(pk=audit_id).first()
    if audit is None:
        raise NotVisible
    if not audit.is_open:
        raise AuditRefused(reasons=[Reason(code="audit_closed", message=_("This audit is closed."))])
    return audit
