"""Copies of registrants' IDs: kept only where needed, looked at only with a watermark, each look journalled (R23)."""

from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.files.errors import FileTypeRefused, PhotoTooLarge
from cardfleet.files.models import StoredFile
from cardfleet.files.rules import LARGEST_PHOTO_MB
from cardfleet.files.services import discard, store
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import to_the_minute
from cardfleet.kernel.errors import BadInput, NotAllowed, NotVisible
from cardfleet.kernel.pictures import NotAPicture
from cards.models import Registrant
from cards.rules.watermarks import check_picture, marked
from cards.selectors.id_copies import PURPOSE, copies_of
from cards.services.registrants import reason_missing

PICTURES = _("An ID copy is a photo or a scan: a JPEG or PNG that can be opened. Nothing was stored.")


@transaction.atomic
def attach_id_copy(
    *, registrant: Registrant, content: "File[bytes]", name: str, actor: User | None, now: datetime
) -> StoredFile:
    """Keep a copy of a registrant's ID. PhotoTooLarge, FileTypeRefused for what is no picture inside.

    It belongs to nobody, so that who sent it cannot take it out again.
    """
    if content.size > LARGEST_PHOTO_MB * 2**20:
        raise PhotoTooLarge
    try:
        check_picture(content.read())
    except NotAPicture:
        raise FileTypeRefused(message=PICTURES) from None
    stored = store(content=content, name=name, purpose=PURPOSE, owner=None, now=now, subject=registrant)
    record(actor=actor, action="cards.id_copy_kept", subject=registrant, related=(stored,), now=now)
    return stored


@transaction.atomic
def look_at_id_copy(
    *, registrant: Registrant, copy_id: str, purpose: str, reason: str, actor: User, now: datetime
) -> bytes:
    """Return a copy as JPEG with who looks, when and what for all over it, and journal that it was seen.

    That the person signed in a moment ago is for the page to ask. NotAllowed, BadInput without a reason, NotVisible.
    """
    if not actor.has_perm("cards.view_id_number"):
        raise NotAllowed
    if not reason.strip():
        raise BadInput(reasons=[reason_missing()])
    stored = copies_of(registrant).filter(pk=copy_id).first()
    if stored is None:
        raise NotVisible
    data = {"purpose": purpose}
    record(
        actor=actor,
        action="cards.id_copy_seen",
        subject=registrant,
        related=(stored,),
        reason=reason,
        now=now,
        data=data,
    )
    words = ["CardFleet", actor.staff_no or actor.username, to_the_minute(now), purpose]
    with stored.content.open("rb") as content:
        return marked(content.read(), words=words)


@transaction.atomic
def remove_id_copy(*, registrant: Registrant, copy_id: str, actor: User | None, now: datetime) -> None:
    """Delete the content of a copy that is needed no longer; its hash stays. NotVisible when there is none such."""
    if not discard(files=copies_of(registrant).filter(pk=copy_id), now=now, actor=actor):
        raise NotVisible
