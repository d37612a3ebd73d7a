"""Ending a case: every gate done, every proof as it was, the card in the state the outcome tells of (R91-R93, R96)."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import Reason
from lifecycle.choices import CaseOutcome, StepState
from lifecycle.errors import ClosingRefused
from lifecycle.models import Case, CaseFile
from lifecycle.playbooks.registry import RELEASE, Asked
from lifecycle.rules.cases.closing import unmet_to_close
from lifecycle.services.cases.alerts import ease_alert
from lifecycle.services.cases.writing import Locked, fresh_card, lock_case


@transaction.atomic
def close_case(*, case_id: int, outcome: str, note: str = "", actor: User | None, now: datetime) -> Case:
    """End a case. ClosingRefused names every gate, proof and state in the way; CaseClosed, NotVisible.

    What the kind does at the end (`on_close`) is asked first, and the card is looked at after it; what follows from the
    end (`after_close`) finds the case closed.
    """
    locked = lock_case(case_id)
    case, asked = locked.case, Asked(actor=actor, now=now, at=now, note=note)
    if locked.kind.on_close is not None and outcome in locked.kind.terms.outcomes:
        locked.kind.on_close(case, outcome, asked)
        locked = fresh_card(locked)
    if reasons := [*_unmet(locked, outcome, actor), *_spoilt(case)]:
        raise ClosingRefused(reasons=reasons)
    case.closed_at, case.closed_by, case.outcome, case.closing_note = now, actor, CaseOutcome(outcome), note
    case.due_at = None
    case.save(update_fields=["closed_at", "closed_by", "outcome", "closing_note", "due_at"])
    ease_alert(locked.card.pk, now=now)
    record(
        actor=actor,
        action="lifecycle.case_closed",
        subject=case,
        related=(locked.card,),
        now=now,
        data={"kind": case.kind, "outcome": case.outcome},
    )
    if locked.kind.after_close is not None:
        locked.kind.after_close(case, outcome, asked)
    return case


def _unmet(locked: Locked, outcome: str, actor: User | None) -> Iterator[Reason]:
    may_release = actor is None or actor.has_perm(RELEASE)
    return unmet_to_close(locked.view, locked.card_now, outcome, terms=locked.kind.terms, may_release=may_release)


def _spoilt(case: Case) -> Iterator[Reason]:
    """Yield the steps whose proofs are all gone, or are not what they were."""
    proofs: defaultdict[str, list[CaseFile]] = defaultdict(list)
    standing = CaseFile.objects.filter(case=case, step__isnull=False).exclude(step__state=StepState.VOID)
    for proof in standing.select_related("file", "step"):
        proofs[proof.step.code if proof.step else ""].append(proof)
    for code, of_step in proofs.items():
        if all(_hash(proof.file) != proof.sha256 for proof in of_step):
            yield Reason(
                code="evidence_replaced",
                message=format_lazy(_("The proof {name} is gone or is not what it was."), name=of_step[0].file.name),
                clears=_("Attach the proof to its step anew."),
                value=code,
            )


def _hash(file: StoredFile) -> str:
    if not file.content or not file.content.storage.exists(str(file.content.name)):
        return ""
    digest = hashlib.sha256()
    with file.content.open("rb") as content:
        for chunk in content.chunks():
            digest.update(chunk)
    return digest.hexdigest()
