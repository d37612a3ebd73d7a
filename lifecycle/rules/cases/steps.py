"""When a step may be done, confirmed, left out or put right; which steps are open (R9, R17, R44-R46, R96)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import to_the_minute
from cardfleet.kernel.errors import Reason
from lifecycle.choices import StepEvidence, StepState
from lifecycle.rules.cases.facts import CaseView, StepFacts, StepView

AHEAD = (StepState.WAITING, StepState.OPEN)


def blocked_by(steps: Sequence[StepView], code: str) -> StepView | None:
    """Return the first gate before a step that is not done, None where it may be done."""
    for step in steps:
        if step.code == code:
            return None
        if step.is_gate and step.state != StepState.DONE:
            return step
    raise KeyError(code)


def states_after(steps: Sequence[StepView]) -> dict[str, str]:
    """Return which of the steps ahead are open now, and which wait for a gate, by code."""
    return {
        step.code: StepState.WAITING if blocked_by(steps, step.code) else StepState.OPEN
        for step in steps
        if step.state in AHEAD
    }


def current(steps: Sequence[StepView]) -> StepView | None:
    """Return the step to be done next: the first open one that others wait for, else the first open one.

    One that may be left out is not next where the case went on without it: a gate after it is done.
    """
    can_be_done = [step for step in steps if step.state in (StepState.OPEN, StepState.HALF_DONE)]
    last = max((place for place, step in enumerate(steps) if step.is_gate and step.state == StepState.DONE), default=-1)
    ahead = [step for step in can_be_done if step.is_gate or step not in steps[: last + 1]]
    return next((step for step in ahead if step.is_gate), ahead[0] if ahead else None)


def unmet_to_complete(facts: StepFacts) -> Iterator[Reason]:
    """Yield why a step cannot be recorded as done; the right of the person is asked before."""
    step = facts.case.step(facts.code)
    if step.state not in AHEAD:
        yield Reason(code="step_not_open", message=_("This step is recorded already, or waits for its second person."))
        return
    if gate := blocked_by(facts.case.steps, facts.code):
        yield _gate_open(gate)
    yield from _evidence(step, facts)
    yield from _moment(facts, _floor(facts.case, facts.code))


def unmet_to_confirm(facts: StepFacts) -> Iterator[Reason]:
    """Yield why the second person cannot confirm a step."""
    step = facts.case.step(facts.code)
    if step.state != StepState.HALF_DONE:
        yield Reason(code="nothing_to_confirm", message=_("This step does not wait for a second person."))
        return
    if facts.actor_id is None or facts.actor_id == step.done_by:
        yield Reason(
            code="same_person",
            message=_("Two people do this step, and you are the first."),
            clears=_("Ask a colleague who holds the same right to confirm it."),
        )
    if gate := blocked_by(facts.case.steps, facts.code):
        yield _gate_open(gate)
    yield from _moment(facts, step.done_at or facts.case.opened_at)


def unmet_to_skip(case: CaseView, code: str) -> Iterator[Reason]:
    """Yield why a step cannot be left out."""
    step = case.step(code)
    if step.is_gate:
        yield Reason(code="gate_stays", message=_("This step cannot be left out: the steps after it wait for it."))
    if step.state not in AHEAD:
        yield Reason(code="step_not_open", message=_("This step is recorded already, or waits for its second person."))


def unmet_to_reopen(case: CaseView, code: str) -> Iterator[Reason]:
    """Yield why a step cannot be put right: what is not recorded, and what cannot be undone.

    What was left out may be done after all, whatever came after it.
    """
    step = case.step(code)
    if step.state not in (StepState.DONE, StepState.HALF_DONE, StepState.SKIPPED):
        yield Reason(code="step_open", message=_("This step is not recorded yet; there is nothing to put right."))
    after = case.steps[[one.code for one in case.steps].index(code) :]
    if step.state != StepState.SKIPPED and any(one.is_irreversible and one.state == StepState.DONE for one in after):
        yield Reason(
            code="irreversible",
            message=_("This step, or one after it, did what cannot be undone."),
            clears=_("Say what was wrong in a comment; the record stays as it is."),
        )


def _gate_open(gate: StepView) -> Reason:
    message = format_lazy(_("“{step}” has to be done first."), step=gate.label or gate.code)
    return Reason(code="gate_open", message=message, value=gate.code)


def _evidence(step: StepView, facts: StepFacts) -> Iterator[Reason]:
    needed = step.evidence
    if needed == StepEvidence.NOTE and not facts.has_note:
        yield Reason(code="evidence_missing", message=_("Write down what was done and said."), field="note")
    elif needed == StepEvidence.FILE and not facts.has_file:
        yield Reason(
            code="evidence_missing", message=_("Attach the proof: a photo, a message or a receipt."), field="file"
        )
    elif needed == StepEvidence.NOTE_OR_FILE and not (facts.has_note or facts.has_file):
        yield Reason(code="evidence_missing", message=_("Write a note or attach a proof."), field="note")


def _floor(case: CaseView, code: str) -> datetime:
    """Return the minute before which a step cannot have been done: that of the opening or of the last gate before."""
    earlier = case.steps[: [step.code for step in case.steps].index(code)]
    floor = max([case.opened_at, *(step.done_at for step in earlier if step.is_gate and step.done_at)])
    return floor.replace(second=0, microsecond=0)


def _moment(facts: StepFacts, floor: datetime) -> Iterator[Reason]:
    if facts.done_at > facts.now:
        yield Reason(code="in_the_future", message=_("This has not happened yet. Correct the time."), field="done_at")
    elif facts.done_at < floor:
        at = to_the_minute(floor)
        yield Reason(
            code="dates_run_backwards",
            message=format_lazy(_("What came before was at {at}."), at=at),
            clears=_("Give a later time."),
            field="done_at",
        )
