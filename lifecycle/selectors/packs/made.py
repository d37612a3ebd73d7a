"""The packs that were made: where each is, who took it out and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from cardfleet.journal.models import Entry
from cardfleet.journal.recording import subject_of
from lifecycle.models import EvidencePack

TAKEN = "files.file_downloaded"


@dataclass(frozen=True, kw_only=True)
class PackRow:
    """A pack and the entries of the journal by which it was taken out, the latest first."""

    pack: EvidencePack
    taken: Sequence[Entry]

    @property
    def is_there(self) -> bool:
        """Whether its file can still be taken out."""
        return self.pack.file is not None and bool(self.pack.file.content)


def with_people(packs: "QuerySet[EvidencePack]") -> "QuerySet[EvidencePack]":
    """Join what a page names."""
    return packs.select_related("card", "team", "asked_by", "job", "file")


def rows_of(packs: Sequence[EvidencePack]) -> list[PackRow]:
    """Return some packs with who took them out; one statement."""
    taken = _taken([subject_of(pack.file) for pack in packs if pack.file])
    return [PackRow(pack=pack, taken=taken.get(subject_of(pack.file), ()) if pack.file else ()) for pack in packs]


def _taken(subjects: Sequence[str]) -> Mapping[str, list[Entry]]:
    found: dict[str, list[Entry]] = {subject: [] for subject in subjects}
    entries = Entry.objects.filter(action=TAKEN, subject__in=subjects).select_related("actor").order_by("-pk")
    for entry in entries:
        found[entry.subject].append(entry)
    return found
