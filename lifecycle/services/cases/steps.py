"""Doing the steps of a case (R9, R17, R44-R46): recorded once, by whom they belong to, in their order, with proof."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import models, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.accounts.roles import roles_with
from cardfleet.files.models import StoredFile
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import BadInput, Reason
from lifecycle.choices import StepState
from lifecycle.errors import ReopeningRefused, StepNotYours, StepRefused
from lifecycle.models import CaseFile, CaseStep
from lifecycle.playbooks.registry import Asked
from lifecycle.rules.cases import steps
from lifecycle.rules.cases.facts import StepFacts
from lifecycle.selectors.cases.playbooks import TERMS
from lifecycle.services.cases.alerts import ease_alert
from lifecycle.services.cases.closing import close_case
from lifecycle.services.cases.writing import Locked, lock_step, settle, store_proofs

WRITTEN = ("state", "done_at", "done_by", "second_at", "second_by", "note", "data")


@transaction.atomic
def complete_step(
    *,
    step_id: int,
    note: str = "",
    given: Mapping[str, Any] | None = None,
    evidence: Sequence["File[bytes]"] = (),
    done_at: datetime | None = None,
    actor: User | None,
    now: datetime,
) -> CaseStep:
    """Record that a step is done, with what its act does; of a step of two people the first half.

    `given` are the checked values of its form; files attached to it before are proofs, too. StepNotYours, StepRefused
    with every reason, whatever its act refuses, CaseClosed, NotVisible.
    """
    locked, step = lock_step(step_id)
    _refuse_stranger(step, actor)
    at, entered, before = done_at or now, dict(given or {}), _proofs(step)
    facts = _facts(locked, step, actor, note=note, has_file=bool(evidence or before), at=at, now=now, given=entered)
    _refuse(steps.unmet_to_complete(facts), locked.kind.act(step.code).check(facts))
    asked = Asked(
        actor=actor,
        now=now,
        at=at,
        note=note,
        files=(*before, *store_proofs(locked.case, evidence, step=step, actor=actor, now=now)),
    )
    step.done_at, step.done_by, step.note = at, actor, note
    if step.people > 1:
        step.state, step.data = StepState.HALF_DONE, plain(entered)
    else:
        step.state, step.data = StepState.DONE, _perform(locked, step, entered, asked)
    _store(locked, step, "lifecycle.step_done", actor=actor, now=now)
    _end(locked, step, asked)
    return step


@transaction.atomic
def confirm_step(
    *, step_id: int, note: str = "", evidence: Sequence["File[bytes]"] = (), actor: User | None, now: datetime
) -> CaseStep:
    """Record the second person of a step, which is done then, with what its act does. Errors as `complete_step`."""
    locked, step = lock_step(step_id)
    _refuse_stranger(step, actor)
    facts = _facts(locked, step, actor, note=note, has_file=True, at=now, now=now, given=step.data)
    _refuse(steps.unmet_to_confirm(facts))
    before, proofs = _proofs(step), store_proofs(locked.case, evidence, step=step, actor=actor, now=now)
    asked = Asked(actor=actor, now=now, at=step.done_at or now, note=note or step.note, files=(*before, *proofs))
    step.second_at, step.second_by, step.state = now, actor, StepState.DONE
    step.note = "\n".join(filter(None, (step.note, note)))
    step.data = _perform(locked, step, _again(locked, step), asked)
    _store(locked, step, "lifecycle.step_confirmed", actor=actor, now=now)
    _end(locked, step, asked)
    return step


@transaction.atomic
def skip_step(*, step_id: int, reason: str, actor: User | None, now: datetime) -> CaseStep:
    """Leave out a step that no other waits for, saying why."""
    locked, step = lock_step(step_id)
    _refuse_stranger(step, actor)
    _refuse(_said(reason), steps.unmet_to_skip(locked.view, step.code))
    step.state, step.note, step.done_at, step.done_by = StepState.SKIPPED, reason, now, actor
    _store(locked, step, "lifecycle.step_skipped", actor=actor, now=now, reason=reason)
    return step


@transaction.atomic
def reopen_step(*, step_id: int, reason: str, actor: User | None, now: datetime) -> CaseStep:
    """Put a recorded step right: its row is void, and a fresh one at the same place is returned.

    What the step did elsewhere stays; it is put right where it was written. ReopeningRefused where it, or a step
    after it, cannot be undone.
    """
    locked, step = lock_step(step_id)
    _refuse_stranger(step, actor)
    if reasons := [*_said(reason), *steps.unmet_to_reopen(locked.view, step.code)]:
        raise ReopeningRefused(reasons=reasons)
    step.state = StepState.VOID
    step.save(update_fields=["state"])
    fresh = CaseStep(case=locked.case, instead_of=step, why_again=reason[:200], state=StepState.WAITING, **_terms(step))
    fresh.save(force_insert=True)
    settle(locked.case, now=now)
    record(
        actor=actor,
        action="lifecycle.step_reopened",
        subject=locked.case,
        related=(locked.card,),
        reason=reason,
        now=now,
        data={"step": step.code},
    )
    fresh.refresh_from_db()
    return fresh


def plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a form as they are kept: things by their id, files not at all."""
    return {name: _kept(value) for name, value in given.items() if not isinstance(value, File)}


def _kept(value: Any) -> Any:
    if isinstance(value, models.QuerySet):
        return [one.pk for one in value]
    return value.pk if isinstance(value, models.Model) else value


def _proofs(step: CaseStep) -> list[StoredFile]:
    """Return the files that were attached to a step before."""
    return [proof.file for proof in CaseFile.objects.filter(step=step).select_related("file").order_by("pk")]


def _refuse_stranger(step: CaseStep, actor: User | None) -> None:
    if actor is None or actor.has_perm(step.who):
        return
    roles = ", ".join(str(role.label) for role in roles_with(step.who))
    raise StepNotYours(message=format_lazy(_("This step is done by: {roles}."), roles=roles))


def _refuse(*reasons: Any) -> None:
    if unmet := [reason for part in reasons for reason in part]:
        raise StepRefused(reasons=unmet)


def _said(reason: str) -> list[Reason]:
    if reason.strip():
        return []
    return [Reason(code="reason_missing", message=_("Say why in a few words."), field="reason")]


def _facts(
    locked: Locked,
    step: CaseStep,
    actor: User | None,
    *,
    note: str,
    has_file: bool,
    at: datetime,
    now: datetime,
    given: Mapping[str, Any],
) -> StepFacts:
    return StepFacts(
        case=locked.view,
        code=step.code,
        card=locked.card_now,
        actor_id=actor.pk if actor else None,
        has_note=bool(note.strip()),
        has_file=has_file,
        done_at=at,
        now=now,
        given=given,
    )


def _perform(locked: Locked, step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    perform = locked.kind.act(step.code).perform
    told = perform(step, given, asked) if perform else None
    return plain(given) if told is None else dict(told)


def _end(locked: Locked, step: CaseStep, asked: Asked) -> None:
    """Close the case where what the step kept ends it."""
    outcome = locked.kind.act(step.code).ends(step.data) if step.state == StepState.DONE else ""
    if outcome:
        close_case(case_id=locked.case.pk, outcome=outcome, note=asked.note, actor=asked.actor, now=asked.now)


def _again(locked: Locked, step: CaseStep) -> dict[str, Any]:
    """Return what the first person entered, read by the form as it was then."""
    form = locked.kind.act(step.code).form(step.data, step=step, person=step.done_by)
    if not form.is_valid():
        raise BadInput(reasons=[Reason(code="invalid", message=str(text)) for text in form.errors.values()])
    return dict(form.cleaned_data)


def _store(locked: Locked, step: CaseStep, action: str, *, actor: User | None, now: datetime, reason: str = "") -> None:
    step.save(update_fields=WRITTEN)
    # What comes next could be done from the moment this was, however late it is recorded.
    settle(locked.case, now=step.second_at or step.done_at or now)
    ease_alert(locked.card.pk, now=now)
    record(
        actor=actor,
        action=action,
        subject=locked.case,
        related=(locked.card,),
        reason=reason,
        now=now,
        data={"step": step.code},
    )


def _terms(step: CaseStep) -> dict[str, Any]:
    return {name: getattr(step, name) for name in (*TERMS, "position")}
