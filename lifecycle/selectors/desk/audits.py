"""Audits with their questions and answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from lifecycle.choices import Verdict
from lifecycle.models import Audit, AuditAnswer
from lifecycle.rules.desk.audits import Answer, parted


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question with the law it rests on and its answer, if it has one."""

    number: int
    text: str
    law: str
    answer: AuditAnswer | None


def answers_of(audit: Audit) -> Mapping[int, Answer]:
    """Return the answers of an audit as the rules see them."""
    return {
        one.number: Answer(
            verdict=one.verdict, note=one.note, measure_by=one.measure_by, has_file=one.proof_id is not None
        )
        for one in audit.answers.all()
    }


def questions_of(audit: Audit) -> Sequence[Question]:
    """Return the questions of an audit (with its checklist joined) in their order."""
    known = {one.number: one for one in audit.answers.select_related("by", "proof")}
    return [
        Question(number=number, text=text, law=law, answer=known.get(number))
        for number, (text, law) in enumerate(map(parted, audit.checklist.questions), start=1)
    ]


def audits() -> QuerySet[Audit]:
    """Return audits, open ones first, each with how many answers it has: `fulfilled`, `lacking`, `answered`."""
    return (
        Audit.objects.select_related("checklist", "opened_by", "closed_by")
        .annotate(
            answered=Count("answers"),
            fulfilled=Count("answers", filter=Q(answers__verdict=Verdict.YES)),
            lacking=Count("answers", filter=Q(answers__verdict=Verdict.NO)),
        )
        .order_by("-closed_at", "due_on", "-pk")
    )
