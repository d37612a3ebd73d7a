"""Erasing a person: their words go from every table and file, what they did and cost stays (PIPL art. 47; R83)."""

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from re import Pattern
from typing import IO, Any, cast

import pgtrigger
from django.conf import settings
from django.db import transaction
from django.db.models import Field, JSONField, Model, QuerySet
from django.utils import translation
from django.utils.translation import gettext

from billing.services.claims import PURPOSE as CLAIMS_PURPOSE
from billing.services.past_claims import drop_unpaid_of
from billing.services.past_months import REJECTS_PURPOSE
from billing.services.usage_requests import PURPOSE as CALLS_PURPOSE
from cardfleet.accounts.models import User
from cardfleet.accounts.services.erasing import make_anonymous
from cardfleet.files.models import StoredFile
from cardfleet.files.services import discard
from cardfleet.journal.recording import record
from cardfleet.journal.redacting import redact
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.crypto import EncryptedField
from cardfleet.kernel.errors import BadInput, NotAllowed, NotVisible
from cardfleet.kernel.owning import as_owner
from cardfleet.kernel.personal import GONE, Keeps, kept
from cardfleet.notify.services.channels import close_channels_of
from cards.models import Registrant
from cards.services.erasing import make_registrants_anonymous
from cards.services.registrants import reason_missing
from lifecycle.errors import ErasureRefused
from lifecycle.rules.erasure import obstacles, without
from lifecycle.selectors.erasure import (
    erasure_facts,
    files_about,
    filled,
    identity_of,
    model_of,
    naming,
    of_person,
    sealed,
    worded,
)

RIGHT = "lifecycle.erase_person"
# They hold callees' numbers and prove charges and payments; their own retention drops them.
NOT_READ = (CALLS_PURPOSE, REJECTS_PURPOSE, CLAIMS_PURPOSE)
PIECE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Erased:
    """How much was erased."""

    rows: int
    files: int
    entries: int


@transaction.atomic
def erase_person(*, person_id: int, reason: str, actor: User | None, now: datetime) -> Erased:
    """Put a pseudonym in place of a person everywhere, and return how much that changed.

    Assignments, calls, charges and journal entries stay under the pseudonym; sums do not move. NotVisible, NotAllowed,
    BadInput without a reason, ErasureRefused with what stands in the way. That the actor signed in a moment ago is for
    the page to ask.
    """
    if actor is not None and not actor.has_perm(RIGHT):
        raise NotAllowed
    person = User.objects.locked().filter(pk=person_id).first()
    if person is None:
        raise NotVisible
    if not reason.strip():
        raise BadInput(reasons=[reason_missing()])
    standing = obstacles(erasure_facts(person, actor=actor, now=now), today=business_day(now))
    if standing:
        raise ErasureRefused(reasons=standing)
    with as_owner():
        return _erase(person, reason.strip(), actor=actor, now=now)


def _erase(person: User, reason: str, *, actor: User | None, now: datetime) -> Erased:
    identity = identity_of(person)
    pattern, instead = identity.pattern(), words_for(person)
    change = partial(without, pattern=pattern, instead=instead)
    files = discard(files=files_about(person), now=now, actor=actor)
    files += discard(files=_lists_naming(identity.in_files()), now=now, actor=actor)
    rows = sum(_empty(keeps, person) for keeps in kept().values() if keeps.person)
    rows += make_registrants_anonymous(
        registrants=Registrant.objects.filter(staff=person), person=person, actor=actor, now=now
    )
    close_channels_of(person=person)
    rows += drop_unpaid_of(person=person, now=now)
    rows += sum(_sweep(keeps, pattern, change) for keeps in kept().values())
    make_anonymous(person=person, reason=change(reason), actor=actor, now=now)
    erased = Erased(rows=rows + 1, files=files, entries=redact(pattern=pattern, change=change, now=now))
    data = {"rows": erased.rows, "files": erased.files, "entries": erased.entries}
    record(actor=actor, action="lifecycle.person_erased", subject=person, now=now, data=data)
    return erased


def words_for(person: User) -> str:
    """Return what running text says in place of a person: in the installation's language, since it is stored."""
    with translation.override(settings.LANGUAGE_CODE):
        return gettext("Erased person %(number)s") % {"number": person.pk}


def _empty(keeps: Keeps, person: User) -> int:
    """Empty the words of the rows about a person, or delete the rows; append-only tables let this alone through."""
    rows = filled(keeps, of_person(keeps, person)) if keeps.blank or keeps.goes else None
    if rows is None:
        return 0
    model = model_of(keeps)
    mine: QuerySet[Model] = QuerySet(model).filter(pk__in=list(rows.values_list("pk", flat=True)))
    with pgtrigger.ignore():
        if keeps.goes:
            return int(mine.delete()[0])
        return mine.update(**{name: _emptied(_column(model, name)) for name in keeps.blank})


def _column(model: type[Model], name: str) -> "Field[Any, Any]":
    return cast("Field[Any, Any]", model._meta.get_field(name))


def _emptied(field: "Field[Any, Any]") -> Any:
    if isinstance(field, EncryptedField):
        return ""
    return [] if isinstance(field, JSONField) else GONE


def _sweep(keeps: Keeps, pattern: str, change: "partial[Any]") -> int:
    """Replace a person's words in those of all rows, and return in how many."""
    columns, model = worded(keeps), model_of(keeps)
    rows = list(naming(keeps, pattern))
    with pgtrigger.ignore():
        for row in rows:
            told = {name: _fitting(model, name, change(getattr(row, name))) for name in columns}
            QuerySet(model).filter(pk=row.pk).update(**told)
        return len(rows) + sum(_sweep_sealed(model, name, change) for name in sealed(keeps))


def _sweep_sealed(model: type[Model], name: str, change: "partial[Any]") -> int:
    """Replace a person's words in an encrypted column, which only opening it can find; such tables are short."""
    values: QuerySet[Model, tuple[int, str]] = QuerySet(model).exclude(**{name: ""}).values_list("pk", name)
    changed = {pk: change(value) for pk, value in values if change(value) != value}
    for pk, value in changed.items():
        QuerySet(model).filter(pk=pk).update(**{name: value})
    return len(changed)


def _fitting(model: type[Model], name: str, value: Any) -> Any:
    limit = _column(model, name).max_length
    return value[:limit] if limit and isinstance(value, str) else value


def _lists_naming(found: "Pattern[bytes] | None") -> Any:
    """Return the files that name a person: lists brought in and taken out, packs, reports."""
    kept_files = StoredFile.objects.exclude(content="").exclude(purpose__in=NOT_READ)
    if found is None:
        return kept_files.none()
    return StoredFile.objects.filter(pk__in=[one.pk for one in kept_files.iterator() if _names(one, found)])


def _names(stored: StoredFile, found: "Pattern[bytes]") -> bool:
    with suppress(FileNotFoundError), stored.content.open("rb") as content:
        if any(found.search(piece) for piece in _pieces(content)):
            return True
        content.seek(0)
        return zipfile.is_zipfile(content) and _names_within(content, found)
    return False


def _names_within(content: Any, found: "Pattern[bytes]") -> bool:
    """Tell whether a member of an archive names somebody; a workbook is one, and may lie in one."""
    with suppress(zipfile.BadZipFile, RuntimeError), zipfile.ZipFile(content) as archive:
        for member in archive.namelist():
            with archive.open(member) as part:
                if any(found.search(piece) for piece in _pieces(part)):
                    return True
            if member.lower().endswith((".xlsx", ".zip")):
                with archive.open(member) as part:
                    if _names_within(part, found):
                        return True
    return False


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    """Yield a file in pieces that overlap, so that a name across their edge is found."""
    last = b""
    while piece := content.read(PIECE):
        yield last + piece
        last = piece[-200:]
