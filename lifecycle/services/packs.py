"""Evidence packs: asked for, made as a job, kept until their day (R40, R83)."""

import tempfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cardfleet.accounts.models import Team, User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import store
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import start_job
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import SHANGHAI, business_day
from cardfleet.kernel.errors import NotAllowed, NotVisible, Reason
from cards.models import Card
from lifecycle.errors import NothingToPack, PackUnfit
from lifecycle.exporters.packs import Packing
from lifecycle.models import EvidencePack
from lifecycle.rules.packs.asked import unmet_period, unmet_reason
from lifecycle.rules.packs.shown import Shown, cleaned
from lifecycle.selectors.packs.documents import papers
from lifecycle.selectors.packs.parts import Preview, parts_of, previewed
from lifecycle.selectors.packs.scope import PackScope, pack_scope

KIND = "lifecycle.evidence_pack"
RIGHT = "lifecycle.make_pack"
KEPT_FOR = timedelta(days=180)
NUMBERS, NAMES = "cards.view_full_number", "cards.view_real_name"


@transaction.atomic
def ask_for_pack(
    *,
    card_id: int | None,
    team_id: int | None,
    first: date | None,
    last: date | None,
    reason: str,
    actor: User,
    now: datetime,
    with_names: bool = False,
    with_numbers: bool = False,
) -> EvidencePack:
    """Ask for a pack and return it, with the job that makes it waiting; the edge that asks enqueues that.

    PackUnfit names the field; NotVisible outside the scope; NotAllowed without the right, or the right to see names
    or numbers whole; NothingToPack without a card.
    """
    _refuse(unmet_reason(reason) + _unmet(card_id, first, last, now))
    _check_rights(actor, with_names=with_names, with_numbers=with_numbers)
    pack = _draft(card_id, team_id, first, last, actor=actor, now=now)
    pack.reason, pack.with_names, pack.with_numbers = reason.strip(), with_names, with_numbers
    if not scope_of(pack).cards.exists():
        raise NothingToPack
    pack.save(force_insert=True)
    pack.job = start_job(kind=KIND, owner=actor, params={"pack": pack.pk}, now=now)
    pack.save(update_fields=["job"])
    _record("lifecycle.pack_asked", pack, now=now, reason=pack.reason, data={"whole": _whole(pack)})
    return pack


def scope_of(pack: EvidencePack) -> PackScope:
    """Return what a pack holds: never more than its asker sees, nothing later than it was asked for."""
    return pack_scope(
        user=pack.asked_by,
        card_id=pack.card_id,
        team=pack.team,
        first=pack.first,
        last=pack.last,
        shown=Shown(names=pack.with_names, numbers=pack.with_numbers),
        now=pack.asked_at,
    )


@transaction.atomic
def make_pack(*, job: Job, now: datetime, expect: Callable[[int], None], tell: Callable[[int], None]) -> EvidencePack:
    """Make the pack of a job, once, in the active language. NotAllowed, NothingToPack.

    `expect` is told how many rows there will be, `tell` of those written since it was told last.
    Who asked may have lost the right, or what was in sight, since then.
    """
    waiting = EvidencePack.objects.select_related("asked_by", "team", "card").filter(pk=job.params["pack"])
    pack = waiting.locked().get()
    if pack.file_id:
        return pack
    if not (pack.asked_by.is_active and pack.asked_by.has_perm(RIGHT)):
        raise NotAllowed
    _check_rights(pack.asked_by, with_names=pack.with_names, with_numbers=pack.with_numbers)
    scope = scope_of(pack)
    pack.cards = scope.cards.count()
    if not pack.cards:
        raise NothingToPack
    parts = parts_of(scope)
    expect(sum(part.count() for part in parts))
    with tempfile.TemporaryFile() as target:
        packing = Packing(target, at=pack.asked_at, tell=tell)
        for part in parts:
            packing.add_table(part)
        packing.add_papers(papers(scope), title=_("Files"))
        about = _about(pack, scope, now=now)
        number = about["scope"]["card"] and about["scope"]["card"]["number"]
        packing.finish(about, context={"pack": pack, "number": number, "reason": about["reason"]})
        target.flush()
        pack.file = _kept(target, pack, now=now)
    pack.made_at, pack.files = now, len(packing.files)
    pack.rows = sum(section.file.rows or 0 for section in packing.sections)
    pack.save(update_fields=["file", "made_at", "cards", "rows", "files"])
    _record("lifecycle.pack_made", pack, now=now, data={"rows": pack.rows, "files": pack.files})
    return pack


def preview(
    *, card_id: int | None, team_id: int | None, first: date | None, last: date | None, actor: User, now: datetime
) -> Preview:
    """Return what a pack would hold if it were made now. PackUnfit, NotVisible."""
    _refuse(_unmet(card_id, first, last, now))
    return previewed(scope_of(_draft(card_id, team_id, first, last, actor=actor, now=now)))


def _unmet(card_id: int | None, first: date | None, last: date | None, now: datetime) -> list[Reason]:
    return unmet_period(first, last, today=business_day(now), of_card=card_id is not None)


def _refuse(unmet: Sequence[Reason]) -> None:
    if unmet:
        raise PackUnfit(reasons=unmet)


def _draft(
    card_id: int | None, team_id: int | None, first: date | None, last: date | None, *, actor: User, now: datetime
) -> EvidencePack:
    """Return a pack that is not asked for yet; what is named must be in sight. Of a card, its team says nothing."""
    card, team = _card(card_id, actor), _team(team_id, actor)
    return EvidencePack(card=card, team=None if card else team, first=first, last=last, asked_at=now, asked_by=actor)


def _kept(target: Any, pack: EvidencePack, *, now: datetime) -> StoredFile:
    """Store the file as nobody's own: who loses the right sees it no more."""
    return store(
        content=File(target),
        name=f"evidence-{pack.pk}-{business_day(pack.asked_at):%Y%m%d}.zip",
        purpose=KIND,
        owner=None,
        subject=pack,
        now=now,
        delete_after=now + KEPT_FOR,
        made_here=True,
    )


def _about(pack: EvidencePack, scope: PackScope, *, now: datetime) -> dict[str, Any]:
    """Return what the manifest says beside its files."""
    of_card = {"id": pack.card.pk, "number": scope.shown.number(pack.card.msisdn)} if pack.card else None
    of_team = {"id": pack.team.pk, "name": pack.team.name} if pack.team else None
    return {
        "pack": pack.pk,
        "scope": {
            "card": of_card,
            "team": of_team,
            "first": pack.first and pack.first.isoformat(),
            "last": pack.last and pack.last.isoformat(),
            "until": _moment(scope.end),
            "cards": pack.cards,
        },
        "filters": {
            "names": "full" if pack.with_names else "masked",
            "numbers": "full" if pack.with_numbers else "masked",
            "id_numbers": "never",
        },
        "reason": cleaned(pack.reason),
        "asked_by": {"username": pack.asked_by.username, "name": pack.asked_by.name},
        "asked_at": _moment(pack.asked_at),
        "made_at": _moment(now),
        "language": get_language(),
    }


def _moment(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _check_rights(actor: User, *, with_names: bool, with_numbers: bool) -> None:
    if (with_names and not actor.has_perm(NAMES)) or (with_numbers and not actor.has_perm(NUMBERS)):
        raise NotAllowed


def _card(card_id: int | None, actor: User) -> Card | None:
    if card_id is None:
        return None
    card = Card.objects.visible_to(actor).filter(pk=card_id).first()
    if card is None:
        raise NotVisible
    return card


def _team(team_id: int | None, actor: User) -> Team | None:
    if team_id is None:
        return None
    team: Team | None = Team.objects.visible_to(actor).filter(pk=team_id).first()
    if team is None:
        raise NotVisible
    return team


def _whole(pack: EvidencePack) -> list[str]:
    told = {"names": pack.with_names, "numbers": pack.with_numbers}
    return [name for name, shown in told.items() if shown]


def _record(action: str, pack: EvidencePack, *, now: datetime, reason: str = "", data: dict[str, Any]) -> None:
    related = (pack.card,) if pack.card else ()
    record(actor=pack.asked_by, action=action, subject=pack, related=related, now=now, reason=reason, data=data)
