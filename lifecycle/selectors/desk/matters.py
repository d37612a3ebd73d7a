"""Matters as the rules and the pages see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from cardfleet.files.models import StoredFile
from cardfleet.journal.recording import subject_of
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason, Text
from lifecycle.choices import MatterGroup, MatterKind, MatterOutcome
from lifecycle.models import Matter, MatterStep
from lifecycle.rules.desk.matters import GROUPS, OUTCOMES, MatterFacts, Plan, group_of, next_code, plan_of
from lifecycle.selectors.cases.calendar import working_days
from lifecycle.selectors.desk.named import named_in

RELATED = ("complaint__card__carrier", "complaint__card__holder", "about__team", "opened_by", "closed_by")


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """A step as the page tells of it."""

    step: MatterStep
    plan: Plan
    is_next: bool


@dataclass(frozen=True, kw_only=True)
class MatterPage:
    """A matter with its steps, its files, and the open cases that name whom it is about."""

    matter: Matter
    group: MatterGroup
    rows: Sequence[StepRow]
    files: Sequence[StoredFile]
    outcomes: Sequence[MatterOutcome]
    named: Sequence[Reason]
    uncovered: Sequence[int]

    @property
    def next(self) -> StepRow | None:
        """The step to be done next."""
        return next((row for row in self.rows if row.is_next), None)


@dataclass(frozen=True, kw_only=True)
class MatterRow:
    """A matter in a list, with what it waits for."""

    matter: Matter
    waits_for: Text


def facts_of(matter: Matter, steps: Sequence[MatterStep], *, with_names: bool = False) -> MatterFacts:
    """Return a matter as the rules see it; whom it meets in open cases only where that is asked for."""
    return MatterFacts(
        kind=matter.kind,
        received_at=matter.received_at,
        done={step.code: step.done_at for step in steps if step.done_at},
        is_extended=bool(matter.extended_because),
        named_in=named_in(matter.about) if with_names and matter.kind == MatterKind.DELETE else (),
    )


def answer_of(matter: Matter) -> str:
    """Return whose the files of an answer are: the desk's, and theirs who asked; proofs are the desk's alone."""
    return f"lifecycle.answer:{matter.pk}"


def files_of(matter: Matter) -> QuerySet[StoredFile]:
    """Return the files of a matter, the answer to a request among them."""
    subjects = (subject_of(matter), answer_of(matter))
    return StoredFile.objects.filter(subject__in=subjects).exclude(content="").order_by("created_at")


def matter_page(matter: Matter, *, now: datetime) -> MatterPage:
    """Return the page of a matter (with its related rows joined)."""
    steps = list(matter.steps.select_related("done_by", "proof"))
    facts = facts_of(matter, steps, with_names=matter.is_open)
    ahead = next_code(facts) if matter.is_open else ""
    rows = [StepRow(step=step, plan=plan_of(matter.kind, step.code), is_next=step.code == ahead) for step in steps]
    last = max((step.due_at for step in steps if step.due_at), default=now)
    return MatterPage(
        matter=matter,
        group=group_of(matter.kind),
        rows=rows,
        files=list(files_of(matter)),
        outcomes=OUTCOMES[group_of(matter.kind)],
        named=facts.named_in,
        uncovered=working_days().uncovered(business_day(now), business_day(last)) if ahead else [],
    )


def matters_of(group: MatterGroup) -> QuerySet[Matter]:
    """Return the matters of a register, open ones first by their clock, then the latest closed."""
    found = Matter.objects.filter(kind__in=GROUPS[group]).select_related(*RELATED)
    return found.order_by(F("closed_at").desc(nulls_first=True), F("due_at").asc(nulls_last=True), "-pk")


def rows_of(matters: Sequence[Matter]) -> list[MatterRow]:
    """Return matters with what each waits for, in one query."""
    done: Mapping[int, dict[str, datetime]] = {matter.pk: {} for matter in matters}
    for step in MatterStep.objects.filter(matter__in=matters, done_at__isnull=False):
        assert step.done_at is not None  # noqa: S101 - the query asks for it
        done[step.matter_id][step.code] = step.done_at
    return [MatterRow(matter=matter, waits_for=_waits_for(matter, done[matter.pk])) for matter in matters]


def _waits_for(matter: Matter, done: Mapping[str, datetime]) -> Text:
    code = next_code(MatterFacts(kind=matter.kind, received_at=matter.received_at, done=done))
    return plan_of(matter.kind, code).label if code and matter.is_open else ""
