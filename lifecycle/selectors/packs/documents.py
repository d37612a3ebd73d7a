"""The stored files that prove what a pack tells: where each was attached, and whether it goes in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, Value
from django.utils.translation import gettext_lazy as _

from agents.models import TrainingRecord
from cards.selectors.documents import documents_of_cards
from lifecycle.choices import PackedAs, WhyNotPacked
from lifecycle.models import CaseFile, MatterStep
from lifecycle.rules.packs.files import path_of, why_not
from lifecycle.selectors.packs.cases import cases_of
from lifecycle.selectors.packs.conduct import complaints_of
from lifecycle.selectors.packs.custody import receipts_of
from lifecycle.selectors.packs.registers import answers_of, rules_of
from lifecycle.selectors.packs.scope import COUNT, ROWS_AT_ONCE, WHEN, PackScope, columns

FIELDS = ("pk", "name", "content", "content_type", "size", "sha256", "created_at")
NOTHING = Value("", output_field=CharField())
LISTED = columns(
    _("what it is"),
    _("of which thing"),
    _("file name"),
    _("type"),
    (_("size in bytes"), COUNT),
    "SHA-256",
    (_("stored at"), WHEN),
    _("in the pack as"),
    _("why it stays out"),
)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A stored file: `content` is where it lies in the storage, `why_not` why it stays out as far as that is known."""

    packed_as: str
    thing: str
    file: UUID
    name: str
    content: str
    content_type: str
    size: int
    sha256: str
    stored_at: datetime
    why_not: WhyNotPacked | None

    @property
    def path(self) -> str:
        """Where it stands in a pack, if it goes in."""
        return path_of(self.file.hex, self.content_type)


def papers(scope: PackScope) -> Iterator[Paper]:
    """Yield the files of what the pack tells; a statement for each place they are attached in, few rows at once."""
    complaints = complaints_of(scope).order_by().values("pk")
    trained = TrainingRecord.objects.filter(agent__in=scope.agent_ids, recorded_at__lt=scope.end)
    steps = MatterStep.objects.filter(matter__complaint__in=complaints)
    of_cases = CaseFile.objects.filter(case__in=cases_of(scope).order_by().values("pk"))
    of_cards = documents_of_cards(scope.cards).order_by("pk").values_list("subject", *FIELDS, NOTHING, NOTHING)
    yield from _papers(scope, PackedAs.SIGNATURE, _attached(receipts_of(scope), "signature"))
    yield from _papers(
        scope, PackedAs.CASE, _attached(of_cases, "file", thing="case", of="case__kind", at="step__code")
    )
    yield from _papers(scope, PackedAs.MATTER, _attached(steps, "proof", thing="matter__complaint"))
    yield from _papers(scope, PackedAs.TRAINING, _attached(trained, "evidence"))
    yield from _papers(scope, PackedAs.AUDIT, _attached(answers_of(scope), "proof", thing="audit"))
    yield from _papers(scope, PackedAs.RULE, _attached(rules_of(scope), "document"))
    yield from _papers(scope, PackedAs.CARD, of_cards)


def _attached(query: Any, field: str, *, thing: str = "pk", of: Any = NOTHING, at: Any = NOTHING) -> Any:
    files = [f"{field}__{name}" for name in FIELDS]
    return query.filter(**{f"{field}__isnull": False}).order_by("pk").values_list(thing, *files, of, at)


def _papers(scope: PackScope, packed_as: PackedAs, query: Any) -> Iterator[Paper]:
    for thing, file, name, content, content_type, size, sha256, stored_at, kind, step in query.iterator(ROWS_AT_ONCE):
        if stored_at >= scope.end:
            continue
        known = why_not(packed_as, content_type=content_type, names=scope.shown.names, kind=kind, step=step or "")
        yield Paper(
            packed_as=packed_as,
            thing=str(thing),
            file=file,
            name=name,
            content=content,
            content_type=content_type,
            size=size,
            sha256=sha256,
            stored_at=stored_at,
            why_not=known if content else WhyNotPacked.GONE,
        )
