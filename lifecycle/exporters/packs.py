"""Writing a pack: a ZIP of tables, files, an index for people and a sealed manifest, streamed into an open file."""

import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, BinaryIO

from django.template.loader import render_to_string

from cardfleet.files.models import StoredFile
from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.crypto import public_key, sign
from cardfleet.kernel.errors import Text
from cardfleet.kernel.spreadsheets import Column, Value, as_text, csv_chunks
from lifecycle.choices import PackedAs, WhyNotPacked
from lifecycle.rules.packs.files import READABLE, why_not_inside
from lifecycle.rules.packs.manifest import INDEX, MANIFEST, SUMS, PackedFile, canonical, manifest_facts, sealed, sums
from lifecycle.rules.packs.shown import cleaned
from lifecycle.selectors.packs.documents import LISTED, Paper
from lifecycle.selectors.packs.scope import Part

LOOKED_AT_BYTES = 20 * 1024 * 1024
CHUNK = 64 * 1024
SHOWN_ROWS = 25


@dataclass(frozen=True, kw_only=True)
class Section:
    """A table as the index shows it: its first rows."""

    title: Text
    file: PackedFile
    titles: Sequence[Text]
    rows: Sequence[Sequence[str]]


@dataclass(kw_only=True)
class Tally:
    """The rows of a table on their way into its file: counted, told, and the first of them kept."""

    columns: Sequence[Column]
    tell: Callable[[int], None] = field(default=lambda _rows: None)
    count: int = 0
    first: list[list[str]] = field(default_factory=list)

    def of(self, rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Value]]:
        """Yield the rows."""
        for row in rows:
            self.count += 1
            if self.count <= SHOWN_ROWS:
                self.first.append([as_text(column, value) for column, value in zip(self.columns, row, strict=True)])
            if self.count % 1000 == 0:
                self.tell(1000)
            yield row
        self.tell(self.count % 1000)


class Packing:
    """A pack that is being written; every file is read and written in pieces, whatever its size."""

    def __init__(self, target: BinaryIO, *, at: datetime, tell: Callable[[int], None]) -> None:
        self._archive = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
        self._at = at.astimezone(SHANGHAI).timetuple()[:6]
        self._tell = tell
        self.files: list[PackedFile] = []
        self.sections: list[Section] = []

    def add(self, path: str, chunks: Iterable[bytes]) -> PackedFile:
        """Write a file and return what the manifest says of it."""
        entry = zipfile.ZipInfo(path, self._at)
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
        digest, size = hashlib.sha256(), 0
        with self._archive.open(entry, "w", force_zip64=True) as target:
            for chunk in chunks:
                target.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        file = PackedFile(path=path, size=size, sha256=digest.hexdigest())
        self.files.append(file)
        return file

    def add_table(self, part: Part) -> None:
        """Write a table."""
        tally = Tally(columns=part.columns, tell=self._tell)
        self.add(part.path, csv_chunks(part.columns, tally.of(part.rows())))
        self._note(part.title, tally)

    def add_papers(self, found: Iterable[Paper], *, title: Text) -> None:
        """Write the files that go in, and the list of all with their hashes."""
        tally = Tally(columns=LISTED)
        with tempfile.TemporaryFile() as listed:
            listed.writelines(csv_chunks(LISTED, tally.of(self._listed(found))))
            listed.seek(0)
            self.add("documents.csv", iter(lambda: listed.read(CHUNK), b""))
        self._note(title, tally)

    def _note(self, title: Text, tally: Tally) -> None:
        file = self.files[-1] = replace(self.files[-1], rows=tally.count)
        titles = [column.title for column in tally.columns]
        self.sections.append(Section(title=title, file=file, titles=titles, rows=tally.first))

    def _listed(self, found: Iterable[Paper]) -> Iterator[Sequence[Value]]:
        written: set[str] = set()
        for paper in found:
            why = paper.why_not or (None if paper.path in written else self._take_in(paper))
            if why is None:
                written.add(paper.path)
            yield _line(paper, why)

    def _take_in(self, paper: Paper) -> WhyNotPacked | None:
        """Write a file, unless it is not the one that was stored or says what must not go out."""
        storage = StoredFile.content.field.storage
        if not storage.exists(paper.content):
            return WhyNotPacked.CHANGED
        with storage.open(paper.content) as content:
            if why := _why_not(content, paper):
                return why
            content.seek(0)
            self.add(paper.path, content.chunks(CHUNK))
        return None

    def finish(self, about: Mapping[str, Any], *, context: Mapping[str, Any]) -> None:
        """Write the index, the list for `sha256sum`, and the sealed manifest of all."""
        told = {**context, "sections": self.sections, "files": self.files, "key": public_key().hex()}
        self.add(INDEX, [render_to_string("lifecycle/packs/index.html", told).encode()])
        self.add(SUMS, [sums(self.files)])
        facts = manifest_facts(about, self.files)
        self.add(MANIFEST, [sealed(facts, signature=sign(canonical(facts)), key=public_key())])
        self._archive.close()


def _why_not(content: Any, paper: Paper) -> WhyNotPacked | None:
    digest = hashlib.sha256()
    for chunk in content.chunks(CHUNK):
        digest.update(chunk)
    if digest.hexdigest() != paper.sha256:
        return WhyNotPacked.CHANGED
    if paper.content_type not in READABLE:
        return None
    if paper.size > LOOKED_AT_BYTES:
        return WhyNotPacked.UNREADABLE
    content.seek(0)
    return why_not_inside(content.read(), paper.content_type)


def _line(paper: Paper, why: WhyNotPacked | None) -> Sequence[Value]:
    where = paper.path if why is None else ""
    words: list[Value] = [PackedAs(paper.packed_as).label, paper.thing, cleaned(paper.name), paper.content_type]
    return [*words, paper.size, paper.sha256, paper.stored_at, where, why.label if why else ""]
