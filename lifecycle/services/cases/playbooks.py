"""The writers of playbooks: those the code ships, and the versions administrators write."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.bulk import insert_many
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.editing import assign, check
from cardfleet.kernel.errors import BadInput
from lifecycle.errors import PlaybookInUse
from lifecycle.models import Playbook, PlaybookStep
from lifecycle.playbooks.registry import Kind, Play, kind_of, kinds
from lifecycle.rules.cases.opening import most_specific
from lifecycle.rules.cases.playbooks import wrong_steps

HEAD = frozenset({"kind", "reason", "carrier", "effective_from"})


@transaction.atomic
def load_playbooks(*, now: datetime) -> None:
    """Write the shipped playbooks that are missing or whose steps the code changed; what people wrote stays."""
    latest = {(one.kind, one.reason, one.carrier_id): one for one in Playbook.objects.order_by("version")}
    for kind in kinds():
        for play in kind.play:
            known = latest.get((kind.name, play.reason, play.carrier_id))
            if known is None or (known.digest and known.digest != play.digest):
                _ship(kind, play, version=known.version + 1 if known else 1, now=now)


@transaction.atomic
def write_playbook(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> Playbook:
    """Write the next version of a playbook, its steps to follow by `set_steps`; running cases keep theirs. BadInput."""
    scope = Playbook.objects.filter(kind=facts["kind"], reason=facts["reason"], carrier=facts["carrier"])
    before = scope.select_for_update().order_by("-version").first()
    playbook = Playbook(created_at=now, created_by=actor, version=before.version + 1 if before else 1)
    assign(playbook, facts, editable=HEAD)
    playbook.save(force_insert=True)
    record(
        actor=actor,
        action="lifecycle.playbook_written",
        subject=playbook,
        now=now,
        data={"kind": playbook.kind, "version": playbook.version},
    )
    return playbook


@transaction.atomic
def set_steps(*, playbook_id: int, steps: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Write the steps of a new version in their order. PlaybookInUse where it has some; BadInput says what is wrong."""
    playbook = Playbook.objects.select_for_update().get(pk=playbook_id)
    if playbook.steps.exists() or playbook.cases.exists():
        raise PlaybookInUse
    shipped = most_specific(kind_of(playbook.kind).play, reason=playbook.reason, carrier_id=0)
    kept = {spec.code for spec in shipped.steps if spec.holds} if shipped else set()
    if reasons := list(wrong_steps(steps, kept=kept)):
        raise BadInput(reasons=reasons)
    for position, terms in enumerate(sorted(steps, key=lambda step: step["position"]), start=1):
        step = PlaybookStep(playbook=playbook, **{**terms, "position": position})
        check(step)
        step.save(force_insert=True)


def _ship(kind: Kind, play: Play, *, version: int, now: datetime) -> None:
    playbook = Playbook(
        kind=kind.name,
        reason=play.reason,
        carrier_id=play.carrier_id,
        version=version,
        effective_from=business_day(now),
        digest=play.digest,
        created_at=now,
    )
    playbook.save(force_insert=True)
    insert_many(
        [
            PlaybookStep(playbook=playbook, position=position, **spec.terms())
            for position, spec in enumerate(play.steps, start=1)
        ]
    )
