"""Who sees to a case, and who is asked about it (R18, R19, R54)."""

from datetime import datetime

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from lifecycle.choices import EscalationLevel
from lifecycle.errors import CaseAssigneeUnfit, LevelUnfit
from lifecycle.messages import CASE_GIVEN
from lifecycle.models import Case
from lifecycle.playbooks.registry import WORK
from lifecycle.services.cases.telling import tell_of_case
from lifecycle.services.cases.writing import lock_case


@transaction.atomic
def assign(*, case_id: int, person: User | None, actor: User | None, now: datetime) -> Case:
    """Give a case to somebody who sees it and may work on it; to nobody with None. CaseAssigneeUnfit, CaseClosed."""
    case = lock_case(case_id).case
    if person is not None and not _may_handle(person, case):
        raise CaseAssigneeUnfit
    if case.assignee_id != (person.pk if person else None):
        case.assignee = person
        case.save(update_fields=["assignee"])
        data = {"person": person.pk} if person else {}
        if person and person != actor:
            tell_of_case(case, CASE_GIVEN, key=f"case:{case.pk}:given:{now.isoformat()}", now=now)
        record(actor=actor, action="lifecycle.case_assigned", subject=case, related=(case.card,), now=now, data=data)
    return case


@transaction.atomic
def escalate(*, case_id: int, level: int, reason: str, actor: User | None, now: datetime) -> Case:
    """Ask the next instance. LevelUnfit where the case is there already, CaseClosed, NotVisible."""
    case = lock_case(case_id).case
    if not case.level < level <= max(EscalationLevel):
        raise LevelUnfit
    raise_level(case, level, reason=reason, actor=actor, now=now)
    return case


def raise_level(case: Case, level: int, *, reason: str, actor: User | None, now: datetime) -> None:
    """Write a higher level on a locked case."""
    case.level, case.escalated_at = level, now
    case.save(update_fields=["level", "escalated_at"])
    record(
        actor=actor,
        action="lifecycle.case_escalated",
        subject=case,
        related=(case.card,),
        reason=reason,
        now=now,
        data={"level": int(level)},
    )


def _may_handle(person: User, case: Case) -> bool:
    return person.is_active and person.has_perm(WORK) and Case.objects.visible_to(person).filter(pk=case.pk).exists()
