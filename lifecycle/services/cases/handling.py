"""Who sees to cases, and who is asked about them: of one case or of many at once (R18, R19, R54)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record, record_many
from cardfleet.kernel.errors import NotVisible, Refusal
from lifecycle.choices import EscalationLevel
from lifecycle.errors import CaseAssigneeUnfit, CaseClosed, LevelUnfit
from lifecycle.models import Case
from lifecycle.playbooks.registry import WORK
from lifecycle.services.cases.telling import tell_given
from lifecycle.services.cases.writing import lock_cases


@dataclass(frozen=True, kw_only=True)
class Handled:
    """What became of some cases: those it was done with, and by id why not with others."""

    done: Sequence[Case]
    refused: Mapping[int, Refusal]

    def only(self) -> Case:
        """Return the one case that was named; raises why it could not be done. NotVisible without such a case."""
        for refusal in self.refused.values():
            raise refusal
        if not self.done:
            raise NotVisible
        return self.done[0]


def assign(*, case_id: int, person: User | None, actor: User | None, now: datetime) -> Case:
    """Give a case to somebody who sees it and may work on it; to nobody with None. CaseAssigneeUnfit, CaseClosed."""
    return assign_many(case_ids=[case_id], person=person, actor=actor, now=now).only()


def escalate(*, case_id: int, level: int, reason: str, actor: User | None, now: datetime) -> Case:
    """Ask the next instance. LevelUnfit where the case is there already, CaseClosed, NotVisible."""
    return escalate_many(case_ids=[case_id], level=level, reason=reason, actor=actor, now=now).only()


@transaction.atomic
def assign_many(*, case_ids: Collection[int], person: User | None, actor: User | None, now: datetime) -> Handled:
    """Give cases to somebody, who is told once of all; those that cannot be given come back with why.

    The number of statements does not depend on the number of cases.
    """
    cases = lock_cases(case_ids)
    seen = _seen_by(person, cases)
    refused = {case.pk: refusal for case in cases if (refusal := _against(case, person, seen))}
    done = [case for case in cases if case.pk not in refused]
    given = [case for case in done if case.assignee_id != (person.pk if person else None)]
    Case.objects.filter(pk__in=[case.pk for case in given]).update(assignee=person)
    for case in given:
        case.assignee = person
    if given and person and person != actor:
        tell_given(given, person, now=now)
    data = {"person": person.pk} if person else {}
    record_many([_deed("lifecycle.case_assigned", case, data=data) for case in given], actor=actor, now=now)
    return Handled(done=done, refused=refused)


@transaction.atomic
def escalate_many(*, case_ids: Collection[int], level: int, reason: str, actor: User | None, now: datetime) -> Handled:
    """Ask the next instance about cases; those that are there already or closed come back with why."""
    cases, refused = lock_cases(case_ids), dict[int, Refusal]()
    for case in cases:
        if not case.is_open:
            refused[case.pk] = CaseClosed()
        elif not case.level < level <= max(EscalationLevel):
            refused[case.pk] = LevelUnfit()
    done = [case for case in cases if case.pk not in refused]
    Case.objects.filter(pk__in=[case.pk for case in done]).update(level=level, escalated_at=now)
    for case in done:
        case.level, case.escalated_at = level, now
    deeds = [_deed("lifecycle.case_escalated", case, reason=reason, data={"level": int(level)}) for case in done]
    record_many(deeds, actor=actor, now=now)
    return Handled(done=done, refused=refused)


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


def _seen_by(person: User | None, cases: Sequence[Case]) -> set[int]:
    """Return which of some cases a person sees and may work on; none where there is nobody."""
    if person is None or not (person.is_active and person.has_perm(WORK)):
        return set()
    seen = Case.objects.visible_to(person).filter(pk__in=[case.pk for case in cases])
    return set(seen.values_list("pk", flat=True))


def _against(case: Case, person: User | None, seen: Collection[int]) -> Refusal | None:
    if not case.is_open:
        return CaseClosed()
    return CaseAssigneeUnfit() if person and case.pk not in seen else None


def _deed(action: str, case: Case, *, reason: str = "", data: Mapping[str, int]) -> Deed:
    return Deed(action=action, subject=case, related=(case.card,), reason=reason, data=data)
