"""What all writers of cases share: one order of locks (card, case, steps), steps that open, proofs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import File

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import store
from cardfleet.kernel.errors import NotVisible
from cards.models import Card
from lifecycle.choices import StepState
from lifecycle.errors import CaseClosed
from lifecycle.models import Case, CaseFile, CaseStep
from lifecycle.playbooks.registry import Kind, kind_of
from lifecycle.rules.cases import clocks, steps
from lifecycle.rules.cases.facts import CardNow, CaseView
from lifecycle.selectors.cases.calendar import working_days
from lifecycle.selectors.cases.facts import OF_CARD, card_now, case_view, standing_steps

PURPOSE = "case"
CLOCK = ("state", "opened_at", "due_at")
CLOCKED = (StepState.OPEN, StepState.HALF_DONE)


@dataclass(frozen=True, kw_only=True)
class Locked:
    """An open case that nobody else changes now, with its card and its standing steps."""

    case: Case
    card: Card
    steps: Sequence[CaseStep]

    @property
    def kind(self) -> Kind:
        """Its kind."""
        return kind_of(self.case.kind)

    @property
    def view(self) -> CaseView:
        """The case as the rules see it."""
        return case_view(self.case, self.steps)

    @property
    def card_now(self) -> CardNow:
        """The card as the rules see it."""
        return card_now(self.card)

    def step(self, step_id: int) -> CaseStep:
        """Return a standing step; NotVisible for one that was put right."""
        found = next((step for step in self.steps if step.pk == step_id), None)
        if found is None:
            raise NotVisible
        return found


def lock_case(case_id: int, *, closed_too: bool = False) -> Locked:
    """Lock the card of an open case, then the case. NotVisible; CaseClosed unless closed ones are meant, too."""
    card_id = Case.objects.filter(pk=case_id).values_list("card_id", flat=True).first()
    if card_id is None:
        raise NotVisible
    card = Card.objects.select_related(*OF_CARD).locked().get(pk=card_id)
    case = Case.objects.locked().get(pk=case_id)
    if not (case.is_open or closed_too):
        raise CaseClosed
    case.card = card
    return Locked(case=case, card=card, steps=standing_steps(case))


def lock_step(step_id: int) -> tuple[Locked, CaseStep]:
    """Lock the case of a step, and return both. NotVisible, CaseClosed."""
    case_id = CaseStep.objects.filter(pk=step_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotVisible
    locked = lock_case(case_id)
    return locked, locked.step(step_id)


def lock_cases(case_ids: Collection[int]) -> list[Case]:
    """Lock the cards of cases, then the cases, closed ones too, as every writer of cases does."""
    known = Case.objects.filter(pk__in=case_ids)
    list(Card.objects.filter(pk__in=known.values("card")).only("pk").locked())
    return list(known.select_related("card__team").locked())


def fresh_card(locked: Locked) -> Locked:
    """Return the same with the card read again, after an act may have changed it."""
    card = Card.objects.select_related(*OF_CARD).get(pk=locked.card.pk)
    return Locked(case=locked.case, card=card, steps=locked.steps)


def settle(case: Case, *, now: datetime) -> None:
    """Open the steps that no gate blocks any more, close those that wait again, and write the nearest clock."""
    for step in restart(case, standing_steps(case), now=now, days=working_days()):
        step.save(update_fields=CLOCK)
    case.save(update_fields=["due_at"])


def restart(case: Case, standing: Sequence[CaseStep], *, now: datetime, days: clocks.WorkingDays) -> list[CaseStep]:
    """Do as `settle` does without storing it: the case knows its nearest clock, the steps that changed are returned."""
    states = steps.states_after(case_view(case, standing).steps)
    changed = [step for step in standing if step.state != states.get(step.code, step.state)]
    for step in changed:
        step.state = states[step.code]
        start_clock(step, case, now=now, days=days)
    case.due_at = nearest(standing)
    return changed


def start_clock(step: CaseStep, case: Case, *, now: datetime, days: clocks.WorkingDays) -> None:
    """Start or stop the clock of a step that has just opened or waits again.

    An act that learnt when the step is due (by a carrier's terms, a notice) kept that on the case as `due_<code>`.
    """
    if step.state != StepState.OPEN:
        step.opened_at = step.due_at = None
        return
    step.opened_at = case.opened_at if step.starts == "opening" else now
    told = case.facts.get(f"due_{step.code}")
    by_terms = clocks.due_at(step.opened_at, step.clock_amount, step.clock_unit, days=days)
    step.due_at = datetime.fromisoformat(told) if told else by_terms


def nearest(standing: Sequence[CaseStep]) -> datetime | None:
    """Return the nearest clock of steps that are open."""
    return min((step.due_at for step in standing if step.state in CLOCKED and step.due_at), default=None)


def store_proofs(
    case: Case, evidence: Sequence["File[bytes]"], *, step: CaseStep | None, actor: User | None, now: datetime
) -> list[StoredFile]:
    """Store files as documents of a case, with the hashes they have now."""
    stored = [
        store(content=file, name=file.name or "file", purpose=PURPOSE, owner=actor, now=now, subject=case)
        for file in evidence
    ]
    for file in stored:
        CaseFile.objects.create(case=case, step=step, file=file, sha256=file.sha256)
    return stored


def remember(*, case: Case, cause: str = "", facts: Mapping[str, Any] | None = None) -> None:
    """Keep what an act learnt on its case, locked by the step it belongs to: the carrier's cause, figures and codes."""
    case.cause = cause or case.cause
    case.facts = {**case.facts, **(facts or {})}
    case.save(update_fields=["cause", "facts"])
