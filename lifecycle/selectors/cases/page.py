"""What the page of a case shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from cardfleet.accounts.models import User
from cardfleet.accounts.roles import roles_with
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Text
from lifecycle.choices import CaseKind, ClockUnit, StepEvidence, StepState
from lifecycle.models import Article, Case, CaseComment, CaseContact, CaseFile, CaseStep, DirectoryEntry
from lifecycle.playbooks.registry import CLOSE, RELEASE, Kind, Paper, kind_of, step_help, step_label
from lifecycle.rules.cases.closing import possible_outcomes
from lifecycle.rules.cases.steps import current
from lifecycle.selectors.cases.calendar import working_days
from lifecycle.selectors.cases.earlier import earlier_like
from lifecycle.selectors.cases.facts import card_now, case_view
from lifecycle.selectors.desk.knowledge import beside_cases, whom_to_ask

WITH_CARD = ("card__carrier", "card__contract", "card__registrant", "card__team", "card__holder")
READ = "lifecycle.view_article"
ASKING = (CaseKind.SUSPENSION, CaseKind.REVERIFICATION, CaseKind.MARK_APPEAL)
WITH_PEOPLE = ("assignee", "opened_by", "closed_by", "parent", "playbook")


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """A step as the page tells of it. `is_mine`: the person holds its right."""

    step: CaseStep
    label: Text
    help: Text
    roles: Sequence[str]
    proofs: Sequence[CaseFile]
    is_mine: bool
    is_next: bool

    @property
    def asks_note(self) -> bool:
        """Whether it cannot be recorded without a note."""
        return self.step.state == StepState.OPEN and self.step.evidence == StepEvidence.NOTE

    @property
    def asks_file(self) -> bool:
        """Whether it cannot be recorded without a file, and none is there yet."""
        is_open = self.step.state == StepState.OPEN and self.step.evidence == StepEvidence.FILE
        return is_open and not self.proofs

    @property
    def is_late(self) -> bool:
        """Whether it still waits; the page compares its clock with now."""
        return self.step.state in (StepState.OPEN, StepState.HALF_DONE)


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """A case with everything around it."""

    case: Case
    kind: Kind
    rows: Sequence[StepRow]
    documents: Sequence[CaseFile]
    outcomes: Sequence[str]
    uncovered: Sequence[int]
    contacts: Sequence[CaseContact]
    comments: Sequence[CaseComment]
    children: Sequence[Case]
    earlier: Sequence[Case]
    articles: Sequence[Article]
    ask: Sequence[DirectoryEntry]
    panel: Mapping[str, Any]
    papers: Sequence[Paper]

    @property
    def next(self) -> StepRow | None:
        """The step to be done next."""
        return next((row for row in self.rows if row.is_next), None)

    @property
    def done(self) -> int:
        """How many steps are settled."""
        return sum(row.step.state in (StepState.DONE, StepState.SKIPPED) for row in self.rows)


def cases_with_people(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return cases with all that their page names joined."""
    return cases.select_related(*WITH_CARD, *WITH_PEOPLE)


def case_page(case: Case, *, person: User, now: datetime, chosen: str = "") -> CasePage:
    """Return the page of a case (with card and people joined); an open step that was chosen stands first."""
    kind = kind_of(case.kind)
    steps = list(case.steps.select_related("done_by", "second_by", "instead_of__done_by").order_by("position", "pk"))
    for step in steps:
        step.case = case
    standing = [step for step in steps if step.state != StepState.VOID]
    view = case_view(case, standing)
    upcoming = current([step for step in view.steps if step.code == chosen] or view.steps) if case.is_open else None
    proofs = list(CaseFile.objects.filter(case=case).select_related("file__owner", "step"))
    rows = [_row(step, proofs, person, is_next=bool(upcoming and upcoming.code == step.code)) for step in standing]
    return CasePage(
        case=case,
        kind=kind,
        rows=rows,
        documents=proofs,
        outcomes=possible_outcomes(view, card_now(case.card), terms=kind.terms, may_release=person.has_perm(RELEASE))
        if case.is_open and person.has_perm(CLOSE)
        else [],
        uncovered=_uncovered(standing, now) if case.is_open else [],
        contacts=list(case.contacts.select_related("recorded_by")),
        comments=list(case.comments.select_related("by")),
        children=list(case.children.order_by("pk")),
        earlier=earlier_like(case, person),
        articles=beside_cases(case.kind) if person.has_perm(READ) else (),
        ask=whom_to_ask(case.card.carrier) if case.kind in ASKING else (),
        panel=kind.panel_facts(case, person) if kind.panel_facts else {},
        papers=printable(case, standing),
    )


def printable(case: Case, steps: Iterable[CaseStep]) -> list[Paper]:
    """Return the letters and forms that say something yet, by the steps of a case."""
    done = {step.code for step in steps if step.state == StepState.DONE}
    return [paper for paper in kind_of(case.kind).papers if paper.has_its_facts(done)]


def _row(step: CaseStep, proofs: Sequence[CaseFile], person: User, *, is_next: bool) -> StepRow:
    return StepRow(
        step=step,
        label=step_label(step),
        help=step_help(step),
        roles=[str(role.label) for role in roles_with(step.who)],
        proofs=[proof for proof in proofs if proof.step_id == step.pk],
        is_mine=person.has_perm(step.who),
        is_next=is_next,
    )


def _uncovered(steps: Sequence[CaseStep], now: datetime) -> list[int]:
    """Return the years in which clocks of working days run that the calendar does not cover."""
    ends = [step.due_at for step in steps if step.due_at and step.clock_unit == ClockUnit.WORKDAYS]
    if not ends:
        return []
    return working_days().uncovered(business_day(now), business_day(max(ends)))
