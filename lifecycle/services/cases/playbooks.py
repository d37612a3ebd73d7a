"""The writers of playbooks: those the code ships, and the versions administrators write."""

from datetime import datetime

from django.db import transaction

from cardfleet.kernel.bulk import insert_many
from cardfleet.kernel.clock import business_day
from lifecycle.models import Playbook, PlaybookStep
from lifecycle.playbooks.registry import Kind, Play, kinds


@transaction.atomic
def load_playbooks(*, now: datetime) -> None:
    """Write the shipped playbooks that are missing or whose steps the code changed; what people wrote stays."""
    latest = {(one.kind, one.reason, one.carrier_id): one for one in Playbook.objects.order_by("version")}
    for kind in kinds():
        for play in kind.play:
            known = latest.get((kind.name, play.reason, play.carrier_id))
            if known is None or (known.digest and known.digest != play.digest):
                _ship(kind, play, version=known.version + 1 if known else 1, now=now)


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
